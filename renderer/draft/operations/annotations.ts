import type { Group, Note, Position, Step, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { boundsOf, type Rect } from '../graph/rect.ts'

// Notes and groups, together called annotations: what stands on the canvas for people. The operations keep to the rules of those
// in draft-operations.ts.

/** An annotation's id among all that stands on the canvas: a note and a step may have the same id of their own. */
export type AnnotationId = `note:${string}` | `group:${string}`

export const noteKey = (id: string): AnnotationId => `note:${id}`
export const groupKey = (id: string): AnnotationId => `group:${id}`

/** Whether something on the canvas is an annotation; no step's id has a colon. */
export function isAnnotation(id: string): id is AnnotationId {
  return id.startsWith('note:') || id.startsWith('group:')
}

/** Whether a draft has an annotation. */
export function hasAnnotation(zap: ZapFile, id: AnnotationId): boolean {
  return (
    (zap.notes?.some((note) => noteKey(note.id) === id) ?? false) ||
    (zap.groups?.some((group) => groupKey(group.id) === id) ?? false)
  )
}

/** A draft with a new annotation in it. */
export type Annotated = { readonly zap: ZapFile; readonly id: AnnotationId }

const NOTE_SIZE = { width: 208, height: 112 }
/** Free space in a frame around the cards that it was made for; above them more of it, for the title. */
export const GROUP_MARGIN = 28
export const GROUP_HEAD = 52

/** An empty note. */
export function addNote(zap: ZapFile, at: Position): Annotated {
  const id = freeId('note', zap.notes)
  const note: Note = { id, text: '', position: onPixels(at), ...NOTE_SIZE }
  return { zap: { ...zap, notes: [...(zap.notes ?? []), note] }, id: noteKey(id) }
}

/** A frame around steps; null when none of them is there. */
export function addGroup(zap: ZapFile, stepIds: readonly string[], title: string): Annotated | null {
  const bounds = boundsOf(zap.steps.filter((step) => stepIds.includes(step.id)).map(cardOf))
  if (!bounds) return null
  const id = freeId('group', zap.groups)
  const group: Group = {
    id,
    title,
    position: onPixels({ x: bounds.x - GROUP_MARGIN, y: bounds.y - GROUP_HEAD }),
    width: Math.min(20_000, bounds.width + 2 * GROUP_MARGIN),
    height: Math.min(20_000, bounds.height + GROUP_HEAD + GROUP_MARGIN),
  }
  return { zap: { ...zap, groups: [...(zap.groups ?? []), group] }, id: groupKey(id) }
}

/** Writes the text of a note or the title of a frame. */
export function writeAnnotation(zap: ZapFile, id: AnnotationId, text: string): ZapFile {
  return changeAnnotations(
    zap,
    (note) => (noteKey(note.id) !== id || note.text === text ? note : { ...note, text: text.slice(0, 10_000) }),
    (group) => (groupKey(group.id) !== id || group.title === text ? group : { ...group, title: text.slice(0, 200) }),
  )
}

/** Resizes an annotation, which may move its corner. What stands in a frame stays where it is. */
export function resizeAnnotation(zap: ZapFile, id: AnnotationId, to: Rect): ZapFile {
  const place = { position: onPixels(to), width: extent(to.width), height: extent(to.height) }
  const resized = <T extends Note | Group>(item: T): T =>
    samePlace(item.position, place.position) && item.width === place.width && item.height === place.height
      ? item
      : { ...item, ...place }
  return changeAnnotations(
    zap,
    (note) => (noteKey(note.id) === id ? resized(note) : note),
    (group) => (groupKey(group.id) === id ? resized(group) : group),
  )
}

/** Puts annotations where they were dragged to. What stands in a frame is moved by the caller: see {@link insideOf}. */
export function moveAnnotations(zap: ZapFile, positions: ReadonlyMap<string, Position>): ZapFile {
  const moved = <T extends Note | Group>(item: T, key: string): T => {
    const to = positions.get(key)
    return to === undefined || samePlace(item.position, onPixels(to)) ? item : { ...item, position: onPixels(to) }
  }
  return changeAnnotations(
    zap,
    (note) => moved(note, noteKey(note.id)),
    (group) => moved(group, groupKey(group.id)),
  )
}

/** Removes notes and frames; what stands in a frame stays. */
export function deleteAnnotations(zap: ZapFile, ids: readonly string[]): ZapFile {
  const gone = new Set(ids)
  const notes = zap.notes?.filter((note) => !gone.has(noteKey(note.id)))
  const groups = zap.groups?.filter((group) => !gone.has(groupKey(group.id)))
  if (notes?.length === zap.notes?.length && groups?.length === zap.groups?.length) return zap
  return withAnnotations(zap, notes ?? [], groups ?? [])
}

/** What stands in a frame, with its place: the steps, notes and smaller frames whose middle lies in it. */
export function insideOf(
  zap: Pick<ZapFile, 'steps' | 'notes' | 'groups'>,
  group: Group,
): ReadonlyMap<string, Position> {
  const holds = ({ x, y, width, height }: Rect): boolean => {
    const dx = x + width / 2 - group.position.x
    const dy = y + height / 2 - group.position.y
    return dx >= 0 && dy >= 0 && dx <= group.width && dy <= group.height
  }
  const area = group.width * group.height
  return new Map<string, Position>([
    ...zap.steps.flatMap((step): [string, Position][] =>
      step.position && holds(cardOf(step)) ? [[step.id, step.position]] : [],
    ),
    ...(zap.notes ?? []).flatMap((note): [string, Position][] =>
      holds(rectOf(note)) ? [[noteKey(note.id), note.position]] : [],
    ),
    ...(zap.groups ?? []).flatMap((other): [string, Position][] =>
      other.width * other.height < area && holds(rectOf(other)) ? [[groupKey(other.id), other.position]] : [],
    ),
  ])
}

/** A draft with these notes and groups; one without any does not mention them. */
export function withAnnotations(zap: ZapFile, notes: readonly Note[], groups: readonly Group[]): ZapFile {
  const { notes: _notes, groups: _groups, ...rest } = zap
  return {
    ...rest,
    ...(notes.length > 0 && { notes: [...notes] }),
    ...(groups.length > 0 && { groups: [...groups] }),
  }
}

/** Puts copies of notes and frames into a draft, under new ids and moved by `offset`. */
export function pasteAnnotations(
  zap: ZapFile,
  copied: { readonly notes?: readonly Note[] | undefined; readonly groups?: readonly Group[] | undefined },
  offset: Position,
): ZapFile {
  const put = <T extends Note | Group>(word: 'note' | 'group', list: readonly T[], more: readonly T[] = []): T[] => {
    const all = [...list]
    for (const item of more) {
      const position = onPixels({ x: item.position.x + offset.x, y: item.position.y + offset.y })
      all.push({ ...item, id: freeId(word, all), position })
    }
    return all
  }
  if (!copied.notes?.length && !copied.groups?.length) return zap
  return withAnnotations(zap, put('note', zap.notes ?? [], copied.notes), put('group', zap.groups ?? [], copied.groups))
}

/** A free id for a note or a group: `note-1`, `note-2` … */
function freeId(word: 'note' | 'group', taken: readonly { readonly id: string }[] | undefined): string {
  const ids = new Set(taken?.map(({ id }) => id))
  for (let n = 1; ; n++) if (!ids.has(`${word}-${n}`)) return `${word}-${n}`
}

function changeAnnotations(zap: ZapFile, onNote: (note: Note) => Note, onGroup: (group: Group) => Group): ZapFile {
  const notes = (zap.notes ?? []).map(onNote)
  const groups = (zap.groups ?? []).map(onGroup)
  const same =
    notes.every((note, at) => note === zap.notes?.[at]) && groups.every((one, at) => one === zap.groups?.[at])
  return same ? zap : withAnnotations(zap, notes, groups)
}

function cardOf(step: Step): Rect {
  return { x: step.position?.x ?? 0, y: step.position?.y ?? 0, width: NODE_WIDTH, height: NODE_HEIGHT }
}

function rectOf({ position, width, height }: Note | Group): Rect {
  return { ...position, width, height }
}

const onPixels = ({ x, y }: Position): Position => ({ x: Math.round(x), y: Math.round(y) })
const extent = (pixels: number): number => Math.min(20_000, Math.max(40, Math.round(pixels)))
const samePlace = (a: Position, b: Position): boolean => a.x === b.x && a.y === b.y
