import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { differenceOf, type ZapChange } from '../../core/domain/zap/zap-difference.ts'
import type { Position, ZapFile } from '../../core/domain/zap/zap-file.ts'
import type { History } from '../draft/session/history.ts'
import { changeWords, summaryOfChanges } from '../steps/change-words.ts'

type Connectors = ReadonlyMap<string, ConnectorManifest>

/**
 * What is said to those who do not see the canvas when the draft has changed: what was moved and where to, what was connected, came or went,
 * what was undone. Null for what a field was given, as the field itself has said it.
 */
export function announcementOf(
  before: History<ZapFile>,
  after: History<ZapFile>,
  connectors: Connectors,
): string | null {
  const [was, is] = [before.present, after.present]
  if (was === is) return null
  if (after.future.includes(was)) return `Undone: ${summaryOfChanges(differenceOf(is, was), connectors)}`
  if (before.future.includes(is)) return `Done again: ${summaryOfChanges(differenceOf(was, is), connectors)}`
  const changes = differenceOf(was, is).filter((change) => isSeenOnly(change, was))
  const [first, ...more] = changes
  if (first === undefined) return null
  const alone = more.length === 0 || isLed(first, changes) ? placeWords(first, was, is, connectors) : null
  return alone ?? summaryOfChanges(changes, connectors)
}

/** Whether a change is one that only the canvas shows. */
function isSeenOnly(change: ZapChange, was: ZapFile): boolean {
  switch (change.kind) {
    case 'step-settings-changed':
      return change.before.settings?.disabled !== change.step.settings?.disabled
    case 'note-changed':
      return change.note.text === was.notes?.find(({ id }) => id === change.note.id)?.text
    case 'group-changed':
      return change.group.title === was.groups?.find(({ id }) => id === change.group.id)?.title
    default:
      return /^(step-(added|removed|moved)|edge-|note-|group-)/.test(change.kind)
  }
}

/** Whether all that was moved stands in the one frame that was. */
function isLed(first: ZapChange, changes: readonly ZapChange[]): boolean {
  const frames = changes.filter(({ kind }) => kind === 'group-changed')
  const moved = changes.filter(({ kind }) => kind === 'step-moved' || kind === 'note-changed')
  return first.kind === 'step-moved' && frames.length === 1 && frames.length + moved.length === changes.length
}

/** A change with what one would otherwise have to see: where to, how large, from where to where. Null where the summary says it. */
function placeWords(change: ZapChange, was: ZapFile, is: ZapFile, connectors: Connectors): string | null {
  const { subject } = changeWords(change, { ...is, steps: [...is.steps, ...was.steps] }, connectors)
  switch (change.kind) {
    case 'edge-added':
      return `Connected ${subject}`
    case 'edge-removed':
      return `Disconnected ${subject}`
    case 'step-moved': {
      const group = is.groups?.find((one) => one !== was.groups?.find(({ id }) => id === one.id))
      if (group !== undefined) return placeWords({ kind: 'group-changed', group }, was, is, connectors)
      const from = was.steps.find(({ id }) => id === change.step.id)?.position
      return movedWords(subject, from, change.step.position)
    }
    case 'note-changed':
    case 'group-changed': {
      const [list, item] = 'note' in change ? [was.notes, change.note] : [was.groups, change.group]
      const from = list?.find(({ id }) => id === item.id)
      if (from === undefined) return null
      return from.width === item.width && from.height === item.height
        ? movedWords(subject, from.position, item.position)
        : `${subject} resized to ${item.width} by ${item.height}`
    }
    default:
      return null
  }
}

function movedWords(subject: string, from: Position | undefined, to: Position | undefined): string | null {
  if (from === undefined || to === undefined) return null
  const way = [
    to.y < from.y ? 'up' : to.y > from.y ? 'down' : '',
    to.x < from.x ? 'left' : to.x > from.x ? 'right' : '',
  ]
  return `${subject} moved ${way.filter((word) => word !== '').join(' and ')}, to ${to.x}, ${to.y}`
}
