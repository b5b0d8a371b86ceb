import type { Position, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { GRID } from '../graph/node-size.ts'
import {
  type AnnotationId,
  groupKey,
  insideOf,
  moveAnnotations,
  noteKey,
  resizeAnnotation,
} from '../operations/annotations.ts'
import { moveSteps } from '../operations/draft-operations.ts'
import type { Direction } from './walk-steps.ts'

/** Notes and frames do not become smaller than this, by mouse or keys. */
export const LEAST_SIZE = { width: 96, height: 48 } as const

const TOWARDS: Readonly<Record<Direction, Position>> = {
  up: { x: 0, y: -GRID },
  down: { x: 0, y: GRID },
  left: { x: -GRID, y: 0 },
  right: { x: GRID, y: 0 },
}

/** Moves steps, notes and frames by one cell of the grid. What stands in a frame goes along. */
export function nudge(
  zap: ZapFile,
  steps: readonly string[],
  marked: readonly AnnotationId[],
  way: Direction,
): ZapFile {
  const by = TOWARDS[way]
  const frames = (zap.groups ?? []).filter((group) => marked.includes(groupKey(group.id)))
  const from = new Map<string, Position>([
    ...frames.flatMap((group) => [...insideOf(zap, group)]),
    ...zap.steps.flatMap(({ id, position }): [string, Position][] =>
      position && steps.includes(id) ? [[id, position]] : [],
    ),
    ...(zap.notes ?? []).flatMap((note): [string, Position][] =>
      marked.includes(noteKey(note.id)) ? [[noteKey(note.id), note.position]] : [],
    ),
    ...frames.map((group): [string, Position] => [groupKey(group.id), group.position]),
  ])
  const to = new Map([...from].map(([id, { x, y }]) => [id, { x: x + by.x, y: y + by.y }]))
  return moveAnnotations(moveSteps(zap, to), to)
}

/** Moves the lower right corner of notes and frames by one cell of the grid. */
export function resizeByNudge(zap: ZapFile, marked: readonly AnnotationId[], way: Direction): ZapFile {
  const by = TOWARDS[way]
  const all = [
    ...(zap.notes ?? []).map((note) => ({ key: noteKey(note.id), item: note })),
    ...(zap.groups ?? []).map((group) => ({ key: groupKey(group.id), item: group })),
  ]
  return all
    .filter(({ key }) => marked.includes(key))
    .reduce((now, { key, item }) => {
      const width = Math.max(LEAST_SIZE.width, item.width + by.x)
      const height = Math.max(LEAST_SIZE.height, item.height + by.y)
      return resizeAnnotation(now, key, { ...item.position, width, height })
    }, zap)
}
