import { EACH_PORT, type Edge, portOf } from '../../../core/domain/zap/zap-file.ts'
import { shortened } from '../../steps/plain-template.ts'
import type { OutputPort } from '../../steps/step-ports.ts'

/** What is written beside a wire: above the card that it leads to, or below the port that it leaves. */
export type WireLabel = { readonly text: string; readonly full: string; readonly at: 'target' | 'source' }

/** Letters that have room above a card. */
const AT_TARGET = 30
/** Pixels of a letter, roughly. */
const LETTER = 6.5

/**
 * The label of a wire, or null where its port needs no word. It stands at the end where it can be told from others: above the
 * target, where a card's width is free; where several wires arrive, below its own port, with the room that ports leave.
 */
export function wireLabel(
  edge: Edge,
  ports: readonly OutputPort[],
  arriving: number,
  spacing: number,
): WireLabel | null {
  const full = ports.find((port) => port.id === portOf(edge))?.label
  if (full === undefined || full === null) return null
  const at = arriving > 1 ? 'source' : 'target'
  const room = at === 'target' ? AT_TARGET : Math.max(4, Math.floor((spacing - 8) / LETTER))
  return { text: shortened(full, room), full, at }
}

/** Whether a wire leads into the body of a loop. */
export function isBodyWire(edge: Edge, isLoop: boolean): boolean {
  return isLoop && portOf(edge) === EACH_PORT
}
