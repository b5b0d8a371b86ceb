import { useStoreApi } from '@xyflow/react'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { MANY } from './distance.ts'

/** From here on a card can be read: a person who zooms in that far wants to read it, and only few cards are in view. */
const READABLE = 0.7

/**
 * What a large zap is held at while it is zoomed: the cards that were drawn when that began stay as they are, and all others are a
 * picture. Making the cards that come into view would cost half of each frame (ADR 15).
 */
export type Held = {
  /** The cards that stay. */
  readonly ids: ReadonlySet<string>
  /** At which zoom it began. */
  readonly zoom: number
}

/**
 * Holds a canvas while it is zoomed, if it `mayHold`. Nothing is held any more when a hand or a key does anything else. Must stand
 * inside a React Flow.
 */
export function useHeldZoom(
  canvas: RefObject<HTMLElement | null>,
  mayHold: boolean,
): {
  readonly held: Held | null
  /** The canvas has been zoomed, from one zoom to another. */
  zoomed(from: number, to: number): void
  /** Draws everything again, before this returns. */
  release(): void
} {
  const store = useStoreApi()
  const [held, setHeld] = useState<Held | null>(null)
  const now = useRef<Held | null>(null)

  const release = useCallback(() => {
    if (now.current === null) return
    now.current = null
    // At once, so that what follows finds every card in its place.
    flushSync(() => setHeld(null))
  }, [])

  const zoomed = useCallback(
    (from: number, to: number) => {
      if (now.current !== null) {
        if (now.current.zoom < READABLE && to >= READABLE) release()
        return
      }
      if (!mayHold || canvas.current === null || store.getState().nodeLookup.size <= MANY) return
      const drawn = canvas.current.querySelectorAll<HTMLElement>('.react-flow__node')
      now.current = { ids: new Set([...drawn].map(({ dataset }) => dataset.id ?? '')), zoom: from }
      setHeld(now.current)
    },
    [canvas, mayHold, store, release],
  )

  const isHeld = held !== null
  useEffect(() => {
    if (!isHeld) return
    const onKey = ({ key }: KeyboardEvent): void => {
      if (!MODIFIERS.has(key)) release()
    }
    addEventListener('pointerdown', release, { capture: true })
    addEventListener('keydown', onKey, { capture: true })
    return () => {
      removeEventListener('pointerdown', release, { capture: true })
      removeEventListener('keydown', onKey, { capture: true })
    }
  }, [isHeld, release])

  return { held, zoomed, release }
}

/** Keys that are held down while the wheel zooms, and repeat themselves. */
const MODIFIERS = new Set(['Control', 'Meta', 'Shift', 'Alt'])
