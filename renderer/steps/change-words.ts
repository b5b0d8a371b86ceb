import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { type Json, textOf } from '../../core/domain/values/json.ts'
import type { ZapChange } from '../../core/domain/zap/zap-difference.ts'
import type { Edge, Group, Note, Step, ZapFile } from '../../core/domain/zap/zap-file.ts'
import { formFields } from './form-fields.ts'
import { shortened } from './plain-template.ts'

type Connectors = ReadonlyMap<string, ConnectorManifest>

/** A change in words: what it is about, and what happened to it. */
export type ChangeWords = {
  readonly subject: string
  readonly words: string
  readonly step: string | null
  /** What was there before and is there now, where that can be shown; null for nothing. */
  readonly values?: { readonly from: string | null; readonly to: string | null }
}

/** Letters of a value that a line has room for. */
const VALUE_LENGTH = 60

/** A change as a list of changes says it. `zap` holds the steps that edges lead to, those that were removed included. */
export function changeWords(change: ZapChange, zap: ZapFile, connectors: Connectors): ChangeWords {
  const about = (step: Step, words: string): ChangeWords => ({
    subject: stepTitle(step, connectors),
    words,
    step: step.id,
  })
  switch (change.kind) {
    case 'step-added':
      return about(change.step, 'Added')
    case 'step-removed':
      return about(change.step, 'Removed')
    case 'step-moved':
      return about(change.step, 'Moved')
    case 'step-renamed':
      return about(change.step, `Renamed from “${stepTitle(change.before, connectors)}”`)
    case 'step-settings-changed':
      return about(change.step, settingsWords(change.before, change.step))
    case 'field-changed':
      return { ...about(change.step, fieldTitle(change.step, change.field, connectors)), values: valuesOf(change) }
    case 'edge-added':
      return { subject: edgeWords(change.edge, zap, connectors), words: 'Connected', step: change.edge.from }
    case 'edge-removed':
      return { subject: edgeWords(change.edge, zap, connectors), words: 'Disconnected', step: change.edge.from }
    case 'note-added':
    case 'note-changed':
    case 'note-removed':
      return { subject: noteWords(change.note), words: whatHappened(change.kind), step: null }
    case 'group-added':
    case 'group-changed':
    case 'group-removed':
      return { subject: groupWords(change.group), words: whatHappened(change.kind), step: null }
    case 'zap-renamed':
      return { subject: 'Zap', words: `Renamed from “${change.from}” to “${change.to}”`, step: null }
    case 'description-changed':
      return { subject: 'Zap', words: 'Description changed', step: null }
    case 'zap-settings-changed':
      return { subject: 'Zap', words: 'Settings changed', step: null }
  }
}

/** What a step of work in the editor was, in one line: `Added HTTP request`, `Moved 3 steps`. */
export function summaryOfChanges(changes: readonly ZapChange[], connectors: Connectors): string {
  const of = (kind: ZapChange['kind']) => changes.filter((change) => change.kind === kind)
  const counted = (verb: string, list: readonly ZapChange[]): string => {
    const [first] = list
    const one = first !== undefined && 'step' in first ? stepTitle(first.step, connectors) : 'a connection'
    if (list.length === 1) return `${verb} ${one}`
    return `${verb} ${list.length} ${first !== undefined && 'step' in first ? 'steps' : 'connections'}`
  }
  // What came or went says it all: the wires that came or went along, and the room that was made, follow from it.
  for (const [kind, verb] of [
    ['step-added', 'Added'],
    ['step-removed', 'Removed'],
    ['edge-added', 'Connected'],
    ['edge-removed', 'Disconnected'],
  ] as const) {
    const list = of(kind)
    if (list.length === 0) continue
    if (kind === 'edge-added' || kind === 'edge-removed')
      return list.length === 1 ? `${verb} two steps` : counted(verb, list)
    return counted(verb, list)
  }
  const [renamed] = of('step-renamed')
  if (renamed?.kind === 'step-renamed') return `Renamed ${stepTitle(renamed.before, connectors)}`
  const fields = of('field-changed')
  const [field] = fields
  if (field?.kind === 'field-changed') {
    const steps = new Set(fields.map((change) => (change.kind === 'field-changed' ? change.step.id : '')))
    if (steps.size > 1) return `Changed ${steps.size} steps`
    return fields.length === 1
      ? `Changed ${fieldTitle(field.step, field.field, connectors)} of ${stepTitle(field.step, connectors)}`
      : `Changed ${stepTitle(field.step, connectors)}`
  }
  const [settings] = of('step-settings-changed')
  if (settings?.kind === 'step-settings-changed') {
    return `${stepTitle(settings.step, connectors)}: ${lowerFirst(settingsWords(settings.before, settings.step))}`
  }
  const annotation = changes.find((change) => 'note' in change || 'group' in change)
  if (annotation && 'note' in annotation) return `${whatHappened(annotation.kind)} a note`
  if (annotation && 'group' in annotation)
    return `${whatHappened(annotation.kind)} ${lowerFirst(groupWords(annotation.group))}`
  const moved = of('step-moved')
  if (moved.length > 0) return counted('Moved', moved)
  if (of('zap-renamed').length > 0) return 'Renamed the zap'
  return of('description-changed').length > 0 ? 'Changed the description' : 'Changed the zap’s settings'
}

/** What a step is called on the canvas. */
export function stepTitle(step: Step, connectors: Connectors): string {
  return step.name ?? connectors.get(step.uses)?.title ?? step.uses
}

function edgeWords(edge: Edge, zap: ZapFile, connectors: Connectors): string {
  const title = (id: string): string => {
    const step = zap.steps.find((one) => one.id === id)
    return step === undefined ? id : stepTitle(step, connectors)
  }
  const port = edge.port === undefined ? '' : ` (${edge.port})`
  return `${title(edge.from)}${port} → ${title(edge.to)}`
}

function settingsWords(before: Step, after: Step): string {
  const was = before.settings?.disabled === true
  const is = after.settings?.disabled === true
  if (was !== is) return is ? 'Switched off' : 'Switched on'
  return 'Retries, time limit or on error changed'
}

function valuesOf({ from, to }: Extract<ZapChange, { kind: 'field-changed' }>): NonNullable<ChangeWords['values']> {
  return { from: valueWords(from), to: valueWords(to) }
}

function valueWords(value: Json | undefined): string | null {
  return value === undefined || value === '' ? null : shortened(textOf(value), VALUE_LENGTH)
}

function fieldTitle(step: Step, field: string, connectors: Connectors): string {
  const manifest = connectors.get(step.uses)
  return (manifest && formFields(manifest.input).find((one) => one.name === field)?.title) ?? field
}

function noteWords(note: Note): string {
  const line = note.text.trim().split('\n')[0] ?? ''
  return line === '' ? 'Note' : `Note “${shortened(line, VALUE_LENGTH)}”`
}

const groupWords = (group: Group): string => (group.title === '' ? 'Frame' : `Frame “${group.title}”`)

function whatHappened(kind: ZapChange['kind']): string {
  if (kind.endsWith('-added')) return 'Added'
  return kind.endsWith('-removed') ? 'Removed' : 'Changed'
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
