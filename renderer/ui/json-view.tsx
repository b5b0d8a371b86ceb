import { Braces, ChevronRight, Copy, Database } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LargeValue } from '../../core/contract/values.ts'
import type { Json } from '../../core/domain/json.ts'
import { classNames } from './class-names.ts'
import { branchSize, childPath, childrenOf, initiallyOpen } from './json-tree.ts'
import { asLargeValue, largeValueWords } from './large-value.ts'
import { toast } from './toast.tsx'

/** Children that one click shows; a list of 100,000 items must not freeze the screen. */
const PAGE = 200
/** Characters of a text that are shown before "Show all". */
const TEXT_LIMIT = 1000

/** A JSON value as a tree that opens and closes. Text only: a payload is never taken for HTML. */
export function JsonView({
  value,
  path = '',
  label,
  className,
}: {
  value: Json
  /** How templates reach the value: the step's id. "Copy path" begins with it. */
  path?: string
  /** What the tree holds, for screen readers. */
  label?: string
  className?: string
}) {
  const open = useMemo(() => initiallyOpen(value, path), [value, path])
  return (
    <ul aria-label={label} className={classNames('font-mono text-sm leading-[20px]', className)}>
      <Node name={null} value={value} path={path} depth={0} open={open} />
    </ul>
  )
}

type NodeProps = {
  name: string | number | null
  value: Json
  path: string
  depth: number
  open: ReadonlySet<string>
}

function Node(props: NodeProps) {
  const children = childrenOf(props.value)
  if (children === null || children.length === 0) return <Leaf {...props} />
  return <Branch {...props} items={children} />
}

function Branch({
  name,
  value,
  path,
  depth,
  open,
  items,
}: NodeProps & { items: readonly (readonly [string | number, Json])[] }) {
  const [isOpen, setOpen] = useState(open.has(path))
  const [shown, setShown] = useState(PAGE)
  return (
    <li>
      <Row depth={depth} path={path} value={value}>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="-ml-4 inline-flex max-w-full min-w-0 items-center gap-0.5 rounded-sm text-left"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={classNames('shrink-0 text-ink-faint transition-transform duration-100', isOpen && 'rotate-90')}
          />
          <Key name={name} />
          <span className="truncate text-ink-faint">
            {Array.isArray(value) ? '[' : '{'}
            {!isOpen && (
              <>
                <span className="font-sans">{` ${branchSize(value)} `}</span>
                {Array.isArray(value) ? ']' : '}'}
              </>
            )}
          </span>
        </button>
      </Row>
      {isOpen && (
        <>
          <ul
            className="relative before:absolute before:top-0 before:bottom-0 before:left-(--guide) before:w-px before:bg-line"
            style={{ '--guide': `${depth * 16 + 6}px` }}
          >
            {items.slice(0, shown).map(([key, child]) => {
              const at = childPath(path, key)
              return <Node key={at} name={key} value={child} path={at} depth={depth + 1} open={open} />
            })}
            {items.length > shown && (
              <li style={{ paddingLeft: depth * 16 + 32 }}>
                <button
                  type="button"
                  onClick={() => setShown(shown + PAGE)}
                  className="rounded-sm font-sans text-sm text-accent hover:underline"
                >
                  {`Show ${Math.min(PAGE, items.length - shown)} more of ${items.length}`}
                </button>
              </li>
            )}
          </ul>
          <div aria-hidden className="text-ink-faint" style={{ paddingLeft: depth * 16 + 16 }}>
            {Array.isArray(value) ? ']' : '}'}
          </div>
        </>
      )}
    </li>
  )
}

function Leaf(props: NodeProps) {
  const large = asLargeValue(props.value)
  return large === null ? <PlainLeaf {...props} /> : <LargeLeaf {...props} large={large} />
}

/** Stands for a value whose bytes are not here. */
function LargeLeaf({ name, value, path, depth, large }: NodeProps & { large: LargeValue }) {
  return (
    <li>
      <Row depth={depth} path={path} value={value}>
        <Key name={name} />
        <span className="inline-flex min-w-0 items-center gap-1.5 font-sans text-ink-soft">
          <Database size={12} aria-hidden className="shrink-0 text-ink-faint" />
          {largeValueWords(large)}
        </span>
      </Row>
    </li>
  )
}

function PlainLeaf({ name, value, path, depth }: NodeProps) {
  const [whole, setWhole] = useState(false)
  const text = leafText(value)
  const cut = !whole && text.length > TEXT_LIMIT
  return (
    <li>
      <Row depth={depth} path={path} value={value}>
        <Key name={name} />
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
      </Row>
    </li>
  )
}

function Row({
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
    navigator.clipboard.writeText(text()).then(
      () => toast({ title: label.startsWith('Copy path') ? 'Path copied' : 'Value copied', tone: 'success' }),
      () => toast({ title: 'The clipboard refused the text', tone: 'error' }),
    )
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

function Key({ name }: { name: string | number | null }) {
  if (name === null) return null
  return (
    <span className="shrink-0 whitespace-pre text-ink-soft">
      {name}
      <span className="text-ink-faint">: </span>
    </span>
  )
}

function leafText(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return '[]'
  return typeof value === 'object' && value !== null ? '{}' : String(value)
}

function leafHue(value: Json): string {
  if (typeof value === 'string') return 'text-cat-data'
  if (typeof value === 'number') return 'text-cat-http'
  if (typeof value === 'boolean') return 'text-cat-schedule'
  return 'text-ink-faint'
}
