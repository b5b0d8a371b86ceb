import { useEffect, useRef, useState } from 'react'
import type { Json } from '../../../core/contract/values.ts'
import { textOfValue } from '../data/value-text.ts'

/**
 * The text of a field whose value is not always text. What the person wrote keeps its spelling ("1.0" stays "1.0"); it is replaced only
 * when the value changes otherwise: by undo, or another draft. `write` takes the new text and the value that it stands for.
 */
export function useWrittenText(value: Json | undefined): {
  text: string
  write(text: string, value: Json | undefined): void
} {
  const [text, setText] = useState(() => textOfValue(value))
  const written = useRef(value)
  useEffect(() => {
    if (value === written.current) return
    written.current = value
    setText(textOfValue(value))
  }, [value])
  return {
    text,
    write(next, nextValue) {
      setText(next)
      written.current = nextValue
    },
  }
}
