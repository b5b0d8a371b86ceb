import { useEffect, useState } from 'react'
import { parseDuration } from '../../../core/domain/time/duration.ts'
import { Input } from '../../ui/controls/input.tsx'

/** Text for a value: what cannot be read stays in the field with a word about it, and never reaches the draft. */
export function ParsedInput<Value>(props: {
  id: string
  shown: string
  placeholder: string
  wrong: string
  parse(text: string): Value | null
  onChange(value: Value | null): void
}) {
  const [text, setText] = useState(props.shown)
  const [isWrong, setWrong] = useState(false)
  useEffect(() => {
    setText(props.shown)
    setWrong(false)
  }, [props.shown])
  const commit = (): void => {
    const isEmpty = text.trim() === ''
    const value = isEmpty ? null : props.parse(text)
    const isReadable = isEmpty || value !== null
    setWrong(!isReadable && text !== props.shown)
    if (isReadable && text !== props.shown) props.onChange(value)
  }
  return (
    <>
      <Input
        id={props.id}
        value={text}
        placeholder={props.placeholder}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${props.id}-wrong` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
        }}
      />
      {isWrong && (
        <p id={`${props.id}-wrong`} className="text-sm text-error">
          {props.wrong}
        </p>
      )}
    </>
  )
}

/** A whole number within bounds; null for any other text. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text.trim())
  return Number.isInteger(value) && value >= least && value <= most ? value : null
}

/** Milliseconds of a time such as `90s` or `2h`, a bare number being seconds; null for any other text, and above `most`. */
export function timeLimit(text: string, most: number): number | null {
  const ms = parseDuration(/^\d+$/.test(text.trim()) ? `${text.trim()}s` : text)
  return ms === undefined || ms < 1 || ms > most ? null : ms
}

/** Error codes between commas or blanks, `*` at the end for all that begin so; null when one of them cannot be one. */
export function errorCodes(text: string): readonly string[] | null {
  const codes = [...new Set(text.split(/[\s,]+/).filter((code) => code !== ''))]
  return codes.length > 0 && codes.length <= 50 && codes.every((code) => /^[a-z][a-z0-9-]*\*?$/.test(code))
    ? codes
    : null
}
