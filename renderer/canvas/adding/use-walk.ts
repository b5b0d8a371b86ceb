import { type KeyboardEvent, type RefObject, useCallback } from 'react'

/** What can be walked to carries `data-walk`. */
const WALKED = '[data-walk]'

/**
 * Arrow keys lead through lines and grids as they lie: down and up to the nearest of the next row, left and right within one. From the
 * search, down leads to the first; up from the first row leads back there.
 */
export function useWalk(panel: RefObject<HTMLElement | null>): (event: KeyboardEvent) => boolean {
  return useCallback(
    ({ key, altKey, ctrlKey, metaKey, shiftKey }) => {
      const way = WAYS[key]
      const root = panel.current
      if (way === undefined || altKey || ctrlKey || metaKey || shiftKey || root === null) return false
      const here = document.activeElement
      const all = [...root.querySelectorAll<HTMLElement>(WALKED)]
      if (here instanceof HTMLInputElement) {
        if (key !== 'ArrowDown') return false
        all[0]?.focus()
        return all.length > 0
      }
      if (!(here instanceof HTMLElement) || !here.matches(WALKED)) return false
      const next = nextTo(here, all, way)
      const target = next ?? (key === 'ArrowUp' ? root.querySelector<HTMLElement>('input[type="search"]') : null)
      target?.focus()
      return true
    },
    [panel],
  )
}

type Way = { readonly axis: 'x' | 'y'; readonly sign: 1 | -1 }

const WAYS: Readonly<Record<string, Way>> = {
  ArrowDown: { axis: 'y', sign: 1 },
  ArrowUp: { axis: 'y', sign: -1 },
  ArrowRight: { axis: 'x', sign: 1 },
  ArrowLeft: { axis: 'x', sign: -1 },
}

function nextTo(here: HTMLElement, all: readonly HTMLElement[], { axis, sign }: Way): HTMLElement | null {
  const from = middleOf(here)
  let best: { element: HTMLElement; far: number; aside: number } | null = null
  for (const element of all) {
    const to = middleOf(element)
    const along = sign * (axis === 'y' ? to.y - from.y : to.x - from.x)
    const aside = Math.abs(axis === 'y' ? to.x - from.x : to.y - from.y)
    // Beside is what lies in the same row; the next row is the nearest one.
    if (along < 6 || (axis === 'x' && aside > 6)) continue
    const isNearer = best === null || along < best.far - 6 || (along < best.far + 6 && aside < best.aside)
    if (isNearer) best = { element, far: along, aside }
  }
  return best?.element ?? null
}

function middleOf(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}
