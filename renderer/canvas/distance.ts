import { useStore } from '@xyflow/react'
import { createContext, use } from 'react'

/** Below this zoom nothing can be read or taken hold of but a card as a whole: only the shape of the graph is drawn. */
export const DISTANT = 0.25

/** The farthest away that a canvas is seen from: a hundred rows of steps are all in view in a window of 800 pixels. */
export const FARTHEST = 0.04

/** Whether the canvas around is seen from so far away. Must stand inside a React Flow. */
export function useIsDistant(): boolean {
  return useStore((state) => state.transform[2] < DISTANT)
}

/** Tells the cards, which would otherwise each have to follow the zoom. */
export const DistantContext = createContext(false)

export function useDrawnFromDistance(): boolean {
  return use(DistantContext)
}
