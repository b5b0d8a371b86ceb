import { CircleX, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { isJsonList, isJsonObject, type Json } from '../../core/domain/values/json.ts'
import { Count } from '../ui/lists/count.tsx'
import { classNames } from '../ui/look/class-names.ts'

/** Lines that are shown; the output below has all. */
const SHOWN = 200

type ConsoleLine = { readonly level: string; readonly text: string; readonly line: number | null }

/** What code wrote to its console, as its output or its error has it; null for the output of another step. */
export function consoleLines(output: Json | undefined): readonly ConsoleLine[] | null {
  if (output === undefined || !isJsonObject(output)) return null
  const holder = isJsonObject(output.error) ? output.error : output
  if (holder.logs === undefined || !isJsonList(holder.logs)) return null
  return holder.logs.flatMap((entry): ConsoleLine[] => {
    if (!isJsonObject(entry) || typeof entry.text !== 'string') return []
    const { level, text, line } = entry
    return [{ level: typeof level === 'string' ? level : 'log', text, line: typeof line === 'number' ? line : null }]
  })
}

/** The line of the code at which its error came up; null where that is not known. */
export function errorLine(output: Json | undefined): number | null {
  if (output === undefined || !isJsonObject(output) || !isJsonObject(output.error)) return null
  return typeof output.error.line === 'number' ? output.error.line : null
}

const MARKS = {
  warn: { icon: TriangleAlert, hue: 'text-waiting', word: 'Warning' },
  error: { icon: CircleX, hue: 'text-error', word: 'Error' },
  info: { icon: Info, hue: 'text-ink-faint', word: 'Info' },
} as const

/** The console of a code step. A line's number leads to it, where there is code to lead to. */
export function ConsoleLines({ lines, onLine }: { lines: readonly ConsoleLine[]; onLine?: (line: number) => void }) {
  const left = lines.length - SHOWN
  return (
    <section aria-label="Console" className="overflow-hidden rounded border border-line">
      <h3 className="flex items-center gap-2 border-b border-line bg-sunken px-3 py-1.5 text-sm font-medium text-ink-soft">
        Console
        <Count>{lines.length}</Count>
      </h3>
      {lines.length === 0 && <p className="px-3 py-2 text-sm text-ink-faint">console.log writes here.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol tabIndex={0} aria-label="Lines of the console" className="max-h-60 divide-y divide-line overflow-y-auto">
        {lines.slice(0, SHOWN).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
          <Line key={index} line={line} onLine={onLine} />
        ))}
      </ol>
      {left > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-sm text-ink-faint">
          {left.toLocaleString('en-US')} more, in the output
        </p>
      )}
    </section>
  )
}

function Line({ line, onLine }: { line: ConsoleLine; onLine: ((line: number) => void) | undefined }) {
  const mark = line.level === 'warn' || line.level === 'error' || line.level === 'info' ? MARKS[line.level] : null
  const at = line.line
  return (
    <li className="flex items-start gap-2 px-3 py-1.5">
      {mark !== null && (
        <mark.icon size={13} aria-label={mark.word} className={classNames('mt-0.5 shrink-0', mark.hue)} />
      )}
      <span className="min-w-0 flex-1 font-mono text-xs leading-4.5 break-words whitespace-pre-wrap text-ink">
        <Coloured text={line.text} />
      </span>
      {at !== null &&
        (onLine === undefined ? (
          <span className="shrink-0 text-xs text-ink-faint">line {at}</span>
        ) : (
          <button
            type="button"
            className="shrink-0 rounded-sm text-xs text-ink-faint underline-offset-2 hover:text-ink hover:underline"
            onClick={() => onLine(at)}
          >
            line {at}
          </button>
        ))}
    </li>
  )
}

const PARTS = /"(?:[^"\\]|\\.)*"|\b-?[0-9]+(?:\.[0-9]+)?\b|\b(?:true|false|null|undefined)\b/g

/** Numbers, texts in quotes, and words of JavaScript have their colours. */
function Coloured({ text }: { text: string }) {
  const nodes: ReactNode[] = []
  let from = 0
  for (const { 0: part, index } of text.matchAll(PARTS)) {
    nodes.push(
      text.slice(from, index),
      <span key={index} className={part.startsWith('"') ? 'text-success' : 'text-waiting'}>
        {part}
      </span>,
    )
    from = index + part.length
  }
  return [...nodes, text.slice(from)]
}
