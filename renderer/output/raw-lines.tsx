import { useMemo } from 'react'
import { Found } from './found.tsx'
import type { ViewProps } from './json-lines.tsx'
import { VirtualList } from './virtual-list.tsx'

/** A value as the text that it is, or as JSON; while searching, the lines that hold the word. */
export function RawLines({ value, search, label }: ViewProps) {
  const lines = useMemo(() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2)).split('\n'), [value])
  const shown = useMemo(() => {
    const word = search.toLowerCase()
    return lines.flatMap((text, at) => (text.toLowerCase().includes(word) ? [{ text, number: at + 1 }] : []))
  }, [lines, search])
  return (
    <>
      {search !== '' && <Found count={shown.length} />}
      <div className="font-mono text-sm leading-[20px]">
        <VirtualList label={label} count={shown.length} keyOf={(at) => String(shown[at]?.number)}>
          {(at) => (
            <span className="flex gap-3">
              <span aria-hidden className="w-8 shrink-0 text-right text-ink-faint tabular-nums select-none">
                {shown[at]?.number}
              </span>
              <span className="min-w-0 flex-1 break-all whitespace-pre-wrap">{shown[at]?.text}</span>
            </span>
          )}
        </VirtualList>
      </div>
    </>
  )
}
