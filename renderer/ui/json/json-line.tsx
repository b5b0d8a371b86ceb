import { Braces, Copy, Database } from 'lucide-react'
import { useState } from 'react'
import type { LargeValueFacts } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { copyText } from '../controls/copy-text.ts'
import { toast } from '../layers/toast.tsx'
import { classNames } from '../look/class-names.ts'
import { leafText } from './json-tree.ts'
import { asLargeValue, largeValueWords } from './large-value.ts'

/** Characters of a text that are shown before "Show all". */
const TEXT_LIMIT = 1000

export type JsonLeafProps = {
  readonly name: string | number | null
  readonly value: Json
  readonly path: string
  readonly depth: number
}

/** A value without children, on a line of its own. */
export function JsonLeaf(props: JsonLeafProps) {
  const large = asLargeValue(props.value)
  return large === null ? <PlainLeaf {...props} /> : <LargeLeaf {...props} large={large} />
}

/** Stands for a value whose bytes are not here. */
function LargeLeaf({ name, value, path, depth, large }: JsonLeafProps & { large: LargeValueFacts }) {
  return (
    <JsonLine depth={depth} path={path} value={value}>
      <JsonKey name={name} />
      <span className="inline-flex min-w-0 items-center gap-1.5 font-sans text-ink-soft">
        <Database size={12} aria-hidden className="shrink-0 text-ink-faint" />
        {largeValueWords(large)}
      </span>
    </JsonLine>
  )
}

function PlainLeaf({ name, value, path, depth }: JsonLeafProps) {
  const [whole, setWhole] = useState(false)
  const text = leafText(value)
  const cut = !whole && text.length > TEXT_LIMIT
  return (
    <JsonLine depth={depth} path={path} value={value}>
      <JsonKey name={name} />
      <span className={classNames('min-w-0 break-all whitespace-pre-wrap', leafHue(value))}>
        {cut ? `${text.slice(0, TEXT_LIMIT)}…` : text}
        {cut && (
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="ml-1 rounded-sm font-sans text-accent hover:underline"
          >
            {`Show all ${text.length.toLocaleString()} characters`}
          </button>
        )}
      </span>
    </JsonLine>
  )
}

/** A line with what copies its value and its path. */
export function JsonLine({
  depth,
  path,
  value,
  children,
}: {
  depth: number
  path: string
  value: Json
  children: React.ReactNode
}) {
  return (
    <div
      className="group relative flex items-start rounded-sm pr-1 hover:bg-hover"
      style={{ paddingLeft: depth * 16 + 16 }}
    >
      {children}
      <span className="absolute top-0 right-0 hidden rounded-sm bg-raised shadow-card group-focus-within:flex group-hover:flex">
        {path !== '' && <RowAction icon={Braces} label={`Copy path ${path}`} text={() => path} />}
        <RowAction
          icon={Copy}
          label={path === '' ? 'Copy value' : `Copy value of ${path}`}
          text={() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))}
        />
      </span>
    </div>
  )
}

// Plain buttons with a title: hundreds of rows with two Radix tooltips each would be felt.
function RowAction({ icon: Icon, label, text }: { icon: typeof Copy; label: string; text: () => string }) {
  const copy = () => {
    void copyText(text()).then((isCopied) => {
      if (isCopied) toast({ title: label.startsWith('Copy path') ? 'Path copied' : 'Value copied', tone: 'success' })
    })
  }
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={copy}
      className="flex size-5 items-center justify-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink"
    >
      <Icon size={12} aria-hidden />
    </button>
  )
}

/** The key before a value. */
export function JsonKey({ name }: { name: string | number | null }) {
  if (name === null) return null
  return (
    <span className="shrink-0 whitespace-pre text-ink-soft">
      {name}
      <span className="text-ink-faint">: </span>
    </span>
  )
}

function leafHue(value: Json): string {
  if (typeof value === 'string') return 'text-cat-data'
  if (typeof value === 'number') return 'text-cat-http'
  if (typeof value === 'boolean') return 'text-cat-schedule'
  return 'text-ink-faint'
}
