import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useConnectors } from '../../queries/connectors.ts'
import { Kbd } from '../../ui/controls/kbd.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { shortValue } from '../data/data-tree.ts'
import { type CompletionOption, leadsOn } from './completion.ts'
import type { Completion } from './use-completion.ts'

const WIDTH = 360
const HEIGHT = 300
const GAP = 6

/** What can be typed at the caret, led by the keys of the field; a click chooses as well. */
export function CompletionList({
  id,
  completion,
  place,
  onChoose,
}: {
  id: string
  completion: Completion
  /** Where the caret stands on the screen. */
  place: () => DOMRect | null
  onChoose: (index: number) => void
}) {
  const { options, active, chosen } = completion
  const list = useRef<HTMLDivElement>(null)
  const at = useCaretPlace(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another option was reached, or the list is another
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active, options])
  if (!at) return null
  return createPortal(
    <section
      data-data-picker
      aria-label="What can be typed here"
      className="fixed z-30 flex animate-fade flex-col rounded-lg bg-raised shadow-float"
      style={{ width: WIDTH, maxHeight: HEIGHT, ...at }}
      onMouseDown={(event) => event.preventDefault()}
    >
      <div
        ref={list}
        id={`${id}-options`}
        role="listbox"
        aria-label="Completions"
        className="min-h-0 flex-1 overflow-y-auto p-1"
      >
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the field that owns this list
          <div
            key={option.kind === 'path' ? option.path : option.filter.name}
            id={`${id}-option-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onClick={() => onChoose(index)}
            className={classNames(
              'flex h-7 cursor-default items-center gap-2 rounded-sm px-2',
              index === active ? 'bg-press' : 'hover:bg-hover',
            )}
          >
            <OptionLine option={option} isActive={index === active} />
          </div>
        ))}
      </div>
      <Explanation option={chosen} />
    </section>,
    document.body,
  )
}

function OptionLine({ option, isActive }: { option: CompletionOption; isActive: boolean }) {
  const connectors = useConnectors()
  const faint = classNames('ml-auto min-w-0 truncate text-xs', isActive ? 'text-ink-soft' : 'text-ink-faint')
  if (option.kind === 'filter') {
    return (
      <>
        <span className="shrink-0 font-mono text-xs text-ink">{option.filter.name}</span>
        <span className={faint}>{option.filter.does}</span>
      </>
    )
  }
  const manifest = connectors.get(option.uses ?? '')
  const isRoot = !/[.[]/.test(option.path) || option.uses === null
  return (
    <>
      {manifest && <ConnectorIcon icon={manifest.icon} category={manifest.category} size={16} />}
      {/* The end of a path tells more than its beginning. */}
      <span className="max-w-[62%] shrink-0 truncate font-mono text-xs text-ink [direction:rtl]">
        <bdi>{option.path}</bdi>
      </span>
      <span className={faint}>{isRoot ? option.of : shortValue(option.value)}</span>
    </>
  )
}

/** What the reached option is, in a line or two, and which keys do what. */
function Explanation({ option }: { option: CompletionOption }) {
  return (
    <div className="border-t border-line px-3 py-2 text-xs text-ink-soft">
      {option.kind === 'filter' ? (
        <>
          <p>
            {option.filter.does}
            {option.filter.takes !== null && <span className="text-ink-faint"> Takes {option.filter.takes}.</span>}
          </p>
          <p className="mt-1 font-mono break-words">
            {option.filter.example} <span className="text-ink-faint">→</span> {option.filter.result}
          </p>
        </>
      ) : (
        <p className="flex items-center gap-1.5">
          <span className="min-w-0 flex-1 truncate">{option.of}</span>
          <Kbd keys="Enter" /> insert
          {leadsOn(option) && (
            <>
              <Kbd keys="Tab" /> go inside
            </>
          )}
        </p>
      )}
    </div>
  )
}

/** Below the caret, or above it where there is no room. */
function useCaretPlace(place: () => DOMRect | null): { left: number; top?: number; bottom?: number } | null {
  const [at, setAt] = useState<{ left: number; top?: number; bottom?: number } | null>(null)
  const read = useRef(place)
  read.current = place
  // After every rendering: the caret may have moved with any of them. An equal place changes nothing.
  useLayoutEffect(() => {
    const measure = (): void => {
      const caret = read.current()
      if (!caret) return
      const left = Math.max(GAP, Math.min(caret.left, window.innerWidth - WIDTH - GAP))
      const fits = caret.bottom + GAP + HEIGHT <= window.innerHeight
      const next = fits ? { left, top: caret.bottom + GAP } : { left, bottom: window.innerHeight - caret.top + GAP }
      setAt((now) => (now && now.left === next.left && now.top === next.top && now.bottom === next.bottom ? now : next))
    }
    measure()
    window.addEventListener('scroll', measure, true)
    window.addEventListener('resize', measure)
    return () => {
      window.removeEventListener('scroll', measure, true)
      window.removeEventListener('resize', measure)
    }
  })
  return at
}

/** Where character number `offset` of an element's text stands on the screen. */
export function caretRect(element: HTMLElement, offset: number): DOMRect {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let left = offset
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (left <= length) {
      const range = document.createRange()
      range.setStart(node, left)
      range.collapse(true)
      const rect = range.getClientRects()[0]
      if (rect) return rect
      break
    }
    left -= length
  }
  return element.getBoundingClientRect()
}
