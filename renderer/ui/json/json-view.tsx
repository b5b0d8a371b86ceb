import { ChevronRight } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import { useReveal } from '../lists/use-reveal.ts'
import { classNames } from '../look/class-names.ts'
import { JsonKey, JsonLeaf, type JsonLeafProps, JsonLine } from './json-line.tsx'
import { branchSize, childPath, childrenOf, initiallyOpen } from './json-tree.ts'

/** Children that one click shows; a list of 100,000 items must not freeze the screen. */
const PAGE = 200

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

type NodeProps = JsonLeafProps & { readonly open: ReadonlySet<string> }

function Node(props: NodeProps) {
  const children = childrenOf(props.value)
  if (children === null || children.length === 0) {
    return (
      <li>
        <JsonLeaf {...props} />
      </li>
    )
  }
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
  const list = useRef<HTMLUListElement>(null)
  const reveal = useReveal(list)
  return (
    <li>
      <JsonLine depth={depth} path={path} value={value}>
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
          <JsonKey name={name} />
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
      </JsonLine>
      {isOpen && (
        <>
          <ul
            ref={list}
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
                  onClick={() => {
                    if (shown + PAGE >= items.length) reveal(shown)
                    setShown(shown + PAGE)
                  }}
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
