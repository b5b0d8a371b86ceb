import { useMemo, useState } from 'react'
import type { DataSource } from '../data/data-tree.ts'
import { type CompletionOption, complete, completionOptions, completionPlace, type TextChange } from './completion.ts'

/** The list at the caret while a word of an expression is being typed. It is never empty. */
export type Completion = {
  readonly options: readonly CompletionOption[]
  /** The option that the keys have reached. */
  readonly active: number
  readonly chosen: CompletionOption
  move(step: 1 | -1): void
  /** The change that an option makes. */
  choose(index: number, goOn: boolean): TextChange | null
}

/** Completes the word at `caret`; null where there is nothing to complete, or no text is being typed. */
export function useCompletion(text: string | null, caret: number, sources: readonly DataSource[]): Completion | null {
  const place = useMemo(() => (text === null ? null : completionPlace(text, caret)), [text, caret])
  const options = useMemo(() => (place === null ? [] : completionOptions(place, sources)), [place, sources])
  // Belongs to the very word it was moved for: another key begins at the top again.
  const [moved, setMoved] = useState<{ readonly place: typeof place; readonly by: number }>({ place: null, by: 0 })
  const active = moved.place === place ? moved.by : 0
  const chosen = options[active]
  if (text === null || place === null || chosen === undefined) return null
  return {
    options,
    active,
    chosen,
    move: (step) => setMoved({ place, by: (active + step + options.length) % options.length }),
    choose: (index, goOn) => {
      const option = options[index]
      return option === undefined ? null : complete(text, place, option, goOn)
    },
  }
}
