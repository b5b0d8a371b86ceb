import type { Command } from '../../commands/command.ts'
import { nudge, resizeByNudge } from '../layout/nudge.ts'
import { type Direction, walkTo } from '../layout/walk-steps.ts'
import { isAnnotation } from '../operations/annotations.ts'
import { hereIn, type OpenZap } from './open-zap.ts'

/** Goes to what lies in a direction. */
export function walk(zap: OpenZap, way: Direction): void {
  const next = walkTo(zap.draft.history.present, hereIn(zap), way)
  if (next === null) return
  zap.draft.selectOne(next)
  zap.canvas.reveal(next)
}

/** Selects what lies in a direction, beside what is selected. */
export function extend(zap: OpenZap, way: Direction): void {
  const { history, selected, marked, select } = zap.draft
  const here = hereIn(zap)
  const next = walkTo(history.present, here, way)
  if (next === null) return
  const all = [...new Set([...selected, ...marked, ...(here === null ? [] : [here]), next])]
  select(
    all.filter((id) => !isAnnotation(id)),
    all.filter(isAnnotation),
  )
  zap.canvas.reveal(next)
}

/** Moves what is selected. Holding the key is one step of undo, as typing is. */
export function move(zap: OpenZap, way: Direction): void {
  const { selected, marked, change } = zap.draft
  const here = hereIn(zap)
  change((draft) => nudge(draft, selected, marked, way), `move ${[...selected, ...marked].join(' ')}`)
  if (here !== null) zap.canvas.reveal(here)
}

/** Makes the selected notes and frames larger or smaller. */
export function resize({ draft: { marked, change } }: OpenZap, way: Direction): void {
  change((draft) => resizeByNudge(draft, marked, way), `resize ${marked.join(' ')}`)
}

/** A command of an arrow key. */
export function arrow(
  [title, group, key]: readonly [title: string, group: Command<OpenZap>['group'], key: string],
  run: (zap: OpenZap, way: Direction) => void,
  way: Direction,
  isEnabled?: (zap: OpenZap) => boolean,
): Omit<Command<OpenZap>, 'id'> {
  return { title, group, keys: [key], run: (zap) => run(zap, way), ...(isEnabled && { isEnabled }) }
}
