import { type RefObject, useCallback, useState } from 'react'
import type { TextChange } from '../templates/completion.ts'
import { templateParts } from '../templates/template-text.ts'

/** The menu of a pill in a field: which it is of, and what a change of it does to the text. */
export type PillMenuState = {
  /** Null while none is open. */
  readonly pill: {
    readonly expression: string
    readonly rect: DOMRect
    /** Whether a stretch of the text lies in the pill. */
    holds(stretch: { readonly start: number; readonly end: number }): boolean
  } | null
  /** The number of its part. */
  readonly part: number | null
  /** Opens it of the pill with the number of its part. */
  open(part: number, rect: DOMRect): void
  /** Opens it of the pill that is selected, or that the caret stands at; false where there is none. */
  openAt(selection: readonly [from: number, to: number]): boolean
  close(): void
  /** The text with another expression in the pill, or without it. */
  changeOf(expression: string | null): TextChange | null
}

/** Keeps which pill of a field has its menu open. `box` holds the pills as they are drawn. */
export function usePillMenu(text: string, box: RefObject<HTMLElement | null>): PillMenuState {
  const [opened, setOpened] = useState<{ readonly part: number; readonly rect: DOMRect } | null>(null)
  const open = useCallback((part: number, rect: DOMRect) => setOpened({ part, rect }), [])
  const part = opened === null ? undefined : templateParts(text)[opened.part]
  const isOpen = opened !== null && part !== undefined && part.expression !== null
  const end = part ? part.start + part.text.length : 0
  return {
    pill: isOpen
      ? {
          expression: part.expression ?? '',
          rect: opened.rect,
          holds: (stretch) => stretch.start >= part.start && stretch.end <= end,
        }
      : null,
    part: isOpen ? opened.part : null,
    open,
    openAt([from, to]) {
      const at = templateParts(text).findIndex(({ start, text: { length }, expression }) => {
        if (expression === null) return false
        return from === to ? from === start || from === start + length : from === start && to === start + length
      })
      const rect = box.current?.querySelector(`[data-pill][data-part="${at}"]`)?.getBoundingClientRect()
      if (rect) setOpened({ part: at, rect })
      return rect !== undefined
    },
    close: () => setOpened(null),
    changeOf(expression) {
      if (!part) return null
      const inserted = expression === null ? '' : `{{ ${expression} }}`
      const { start } = part
      return {
        text: text.slice(0, start) + inserted + text.slice(end),
        start,
        end,
        inserted,
        caret: start + inserted.length,
      }
    },
  }
}
