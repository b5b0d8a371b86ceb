import type { Node } from '@xyflow/react'
import type { Group, Note, Position, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import type { Rect } from '../../draft/graph/rect.ts'
import { type AnnotationId, groupKey, noteKey } from '../../draft/operations/annotations.ts'
import type { CardNode } from '../flow-graph.ts'

export type NoteNode = Node<{ readonly id: AnnotationId; readonly text: string }, 'note'>
export type FrameNode = Node<{ readonly id: AnnotationId; readonly title: string }, 'frame'>
/** All that stands on the canvas. */
export type CanvasNode = CardNode | NoteNode | FrameNode

/** The size that an annotation is being given. */
export type Resized = { readonly id: AnnotationId; readonly to: Rect }

const NOTHING: readonly (NoteNode | FrameNode)[] = []

/**
 * Notes and frames as nodes of the canvas; frames first and behind everything, the larger ones farther back. `still` ones are only
 * looked at.
 */
export function annotationNodes(
  zap: Pick<ZapFile, 'notes' | 'groups'>,
  marked: readonly string[],
  dragged: ReadonlyMap<string, Position> | null,
  resized: Resized | null,
  still = false,
): readonly (NoteNode | FrameNode)[] {
  const { notes = [], groups = [] } = zap
  if (notes.length === 0 && groups.length === 0) return NOTHING
  const common = (id: AnnotationId, item: Note | Group) => {
    const to = resized?.id === id ? resized.to : null
    const size = { width: to?.width ?? item.width, height: to?.height ?? item.height }
    return {
      id,
      position: to ? { x: to.x, y: to.y } : (dragged?.get(id) ?? item.position),
      ...size,
      measured: size,
      selected: marked.includes(id),
      focusable: !still,
      handles: [],
    }
  }
  const frames = groups
    .toSorted((a, b) => b.width * b.height - a.width * a.height)
    .map((group): FrameNode => {
      const id = groupKey(group.id)
      return {
        ...common(id, group),
        type: 'frame',
        data: { id, title: group.title },
        // The inside of a frame belongs to what stands in it; a marquee there must not take the frame along.
        style: { pointerEvents: 'none' },
        selectable: false,
        zIndex: -1000,
        ariaLabel: group.title === '' ? 'Frame' : `Frame ${group.title}`,
        domAttributes: named(id),
      }
    })
  const papers = notes.map((note): NoteNode => {
    const id = noteKey(note.id)
    return {
      ...common(id, note),
      type: 'note',
      data: { id, text: note.text },
      ariaLabel: note.text === '' ? 'Empty note' : `Note: ${note.text.slice(0, 200)}`,
      domAttributes: named(id),
    }
  })
  return [...frames, ...papers]
}

// React's types do not list data attributes, which are what menus and tests find an annotation by.
function named(id: AnnotationId): NonNullable<NoteNode['domAttributes']> {
  return { 'data-annotation-id': id } as NonNullable<NoteNode['domAttributes']>
}
