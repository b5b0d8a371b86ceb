import { useStore } from '@xyflow/react'
import { createContext, use, useState } from 'react'

/** Below this zoom nothing can be read or taken hold of but a card as a whole: only the shape of the graph is drawn. */
export const DISTANT = 0.25

/** The farthest away that a canvas is seen from: a hundred rows of steps are all in view in a window of 800 pixels. */
export const FARTHEST = 0.04

/** A zap of more cards than this is held while it is zoomed, and from far away only what is dragged of it is moved. */
export const MANY = 150

/** Whether the canvas around is seen from so far away. Must stand inside a React Flow. */
export function useIsDistant(): boolean {
  return useStore((state) => state.transform[2] < DISTANT)
}

/** How cards are drawn: as themselves, as their shape alone, or each as it is, and as a shape when it comes into view. */
export type Detail = 'near' | 'distant' | 'as-it-is'

/** Tells the cards, which would otherwise each have to follow the zoom. */
export const DetailContext = createContext<Detail>('near')

/** Whether the card that asks is drawn as its shape alone. */
export function useDrawnFromDistance(): boolean {
  const detail = use(DetailContext)
  const [isShape, setShape] = useState(detail !== 'near')
  const isNext = detail === 'as-it-is' ? isShape : detail === 'distant'
  if (isNext !== isShape) setShape(isNext)
  return isNext
}
