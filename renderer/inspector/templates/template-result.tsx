import { ArrowRight, TriangleAlert } from 'lucide-react'
import type { Json } from '../../../core/domain/values/json.ts'
import type { Preview } from './template-preview.ts'

const LONGEST = 240

/** What a template becomes with the values at hand, or which of its paths is not there. */
export function TemplateResult({ preview }: { preview: Preview }) {
  if (preview.kind === 'none') return null
  if (preview.kind === 'problem') {
    return (
      <p className="mt-1 flex min-w-0 flex-1 basis-36 items-start gap-1.5 text-sm text-error">
        <TriangleAlert size={13} aria-hidden className="mt-[3px] shrink-0" />
        <span className="min-w-0 break-words">{preview.message}</span>
      </p>
    )
  }
  return (
    <p
      className="mt-1 flex min-w-0 flex-1 basis-36 items-start gap-1.5 text-sm text-ink-faint"
      title="With the example values at hand"
    >
      <ArrowRight size={13} aria-hidden className="mt-[3px] shrink-0" />
      <span className="sr-only">Becomes </span>
      <span className="line-clamp-3 min-w-0 font-mono text-xs leading-[18px] break-words whitespace-pre-wrap text-ink-soft">
        {written(preview.value)}
      </span>
    </p>
  )
}

function written(value: Json): string {
  const text = typeof value === 'string' ? (value === '' ? '(empty text)' : value) : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
