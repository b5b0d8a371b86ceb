import { Braces, Calendar, CircleHelp, Hash, List, type LucideIcon, Plus, ToggleLeft, Type, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { shortValue } from '../data/data-tree.ts'
import { kindOf } from '../data/value-kind.ts'
import { type Expression, joinExpression, splitExpression } from '../templates/expression.ts'
import type { PathFix } from '../templates/nearest-path.ts'
import { ChangeLine, FilterLine } from './menu-lines.tsx'
import { exampleOf, filtersBefore, isSame, resultOf, withDefault } from './pill-changes.ts'
import { type Change, changesOf, isDefault, type MenuKind, otherKinds } from './value-changes.ts'

const WIDTH = 368
const HEIGHT = 440
const GAP = 6

const KINDS: Readonly<Record<MenuKind, { readonly icon: LucideIcon; readonly title: string; readonly chip: string }>> =
  {
    date: { icon: Calendar, title: 'A date', chip: 'Date' },
    number: { icon: Hash, title: 'A number', chip: 'Number' },
    text: { icon: Type, title: 'Text', chip: 'Text' },
    list: { icon: List, title: 'A list', chip: 'List' },
    object: { icon: Braces, title: 'Several fields', chip: 'Fields' },
    boolean: { icon: ToggleLeft, title: 'Yes or no', chip: 'Yes or no' },
    missing: { icon: CircleHelp, title: 'If it is missing', chip: 'If missing' },
  }

export type PillMenuProps = {
  /** What stands in the pill. */
  readonly expression: string
  /** Where the pill is in the window. */
  readonly rect: DOMRect
  readonly scope: TemplateScope
  /** The path that was probably meant, where the one of the pill is not there. */
  readonly fix: PathFix | null
  /** Writes another expression into the pill; null takes the pill away. */
  onChange(expression: string | null): void
  onClose(): void
}

/**
 * What can be done with the value of a pill, each with its result on the example: choosing one writes it as filters into the template. Arrow keys
 * walk, Enter takes, Escape leads back to the field, and Backspace takes the pill away.
 */
export function PillMenu({ expression, rect, scope, fix, onChange, onClose }: PillMenuProps) {
  const parts = useMemo(() => splitExpression(expression), [expression])
  const changing = parts.filters.filter((filter) => !isDefault(filter))
  const [stacked, setStacked] = useState(false)
  const before = useMemo(
    () => (stacked ? changing.length : filtersBefore(parts, scope)),
    [stacked, changing.length, parts, scope],
  )
  const kept = changing.slice(0, before)
  const value = exampleOf({ path: parts.path, filters: kept }, scope)
  const own = kindOf(value)
  const [chosen, setChosen] = useState<MenuKind | null>(null)
  const kind = chosen ?? own ?? 'missing'
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const lines = panel.current?.querySelectorAll<HTMLElement>('[data-line]') ?? []
    const current = [...lines].find((line) => line.getAttribute('aria-pressed') === 'true')
    const first = current ?? lines[0] ?? panel.current
    first?.focus({ preventScroll: true })
  }, [])
  useCloseOutside(panel, onClose)

  const write = (filters: readonly string[]): void => onChange(joinExpression({ path: parts.path, filters }))
  const filtersWith = (change: readonly string[]): readonly string[] =>
    kind === 'missing'
      ? withDefault(parts.filters, change)
      : [...kept, ...change, ...parts.filters.filter((filter) => isDefault(filter))]
  const now = kind === 'missing' ? parts.filters.filter(isDefault) : changing.slice(before)
  const lines: readonly Change[] = [
    ...(kind === 'missing' ? [] : [{ label: kept.length === 0 ? 'As it is' : 'As it is now', filters: [] }]),
    ...changesOf(kind, value),
  ]
  const onKeyDown = (event: KeyboardEvent): void => {
    const isTyping = event.target instanceof HTMLInputElement
    if (event.key === 'Escape') onClose()
    else if (!isTyping && (event.key === 'Backspace' || event.key === 'Delete')) onChange(null)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      walk(panel.current, event.key === 'ArrowDown' ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const others = otherKinds(own, value).filter((one) => one !== kind)
  return createPortal(
    <div
      ref={panel}
      role="dialog"
      aria-label={`What to do with ${parts.path}`}
      data-data-picker
      data-pill-menu
      tabIndex={-1}
      className="fixed z-40 flex animate-pop flex-col overflow-hidden rounded-lg bg-raised shadow-float outline-none"
      style={placeOf(rect)}
      onKeyDown={onKeyDown}
    >
      <Head kind={kind} value={value} isKnown={own !== null} />
      {fix !== null && (
        <p className="flex items-center justify-between gap-2 border-b border-line bg-error-soft px-3 py-1.5 text-sm">
          <span className="min-w-0 truncate">
            Not in the example: <code className="font-mono text-xs">{fix.missing}</code>
          </span>
          <Button size="sm" onClick={() => onChange(expression.replace(fix.missing, fix.instead))}>
            Use {fix.instead}
          </Button>
        </p>
      )}
      {kept.length > 0 && (
        <Made
          filters={kept}
          onRemove={(at) => write([...changing.toSpliced(at, 1), ...parts.filters.filter(isDefault)])}
        />
      )}
      <ul className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {lines.map((change) => (
          <ChangeLine
            key={change.label}
            change={change}
            isMade={isSame(change.filters, now)}
            resultOf={(filters) =>
              kind === 'missing'
                ? insteadWords(filters, scope)
                : wordsOf({ path: parts.path, filters: filtersWith(filters) }, scope)
            }
            onTake={(filters) => write(filtersWith(filters))}
          />
        ))}
      </ul>
      <div className="flex flex-wrap gap-1.5 border-t border-line px-3 py-2 empty:hidden">
        {chosen !== null && own !== null && own !== kind && !others.includes(own) && (
          <KindChip kind={own} onChoose={() => setChosen(null)} />
        )}
        {others.map((one) => (
          <KindChip key={one} kind={one} onChoose={() => setChosen(one === own ? null : one)} />
        ))}
        {changing.length > before && (
          <Button size="sm" icon={Plus} onClick={() => setStacked(true)}>
            Then…
          </Button>
        )}
      </div>
      <FilterLine filters={parts.filters} zone={kind === 'date' ? zoneOf(scope) : null} onWrite={write} />
    </div>,
    document.body,
  )
}

function Head({ kind, value, isKnown }: { kind: MenuKind; value: Json | undefined; isKnown: boolean }) {
  const { icon: Icon, title } = KINDS[kind]
  return (
    <p className="flex items-center gap-2 border-b border-line px-3 py-2 font-medium">
      <Icon size={14} aria-hidden className="shrink-0 text-ink-faint" />
      <span className="shrink-0">{title}</span>
      <span className="ml-auto min-w-0 truncate font-mono text-xs font-normal text-ink-faint">
        {isKnown ? shortValue(value) || JSON.stringify(value) : 'Capture a request to see results'}
      </span>
    </p>
  )
}

/** Changes that were made before, each to be taken back. */
function Made({ filters, onRemove }: { filters: readonly string[]; onRemove(at: number): void }) {
  return (
    <ul aria-label="Changes made" className="flex flex-wrap gap-1.5 border-b border-line px-3 py-2">
      {filters.map((filter, at) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand there twice
          key={`${at} ${filter}`}
          className="flex max-w-full items-center rounded border border-line bg-sunken pl-2 font-mono text-xs"
        >
          <span className="truncate">{filter}</span>
          <IconButton icon={X} size="sm" label={`Take back ${filter}`} onClick={() => onRemove(at)} />
        </li>
      ))}
    </ul>
  )
}

function KindChip({ kind, onChoose }: { kind: MenuKind; onChoose(): void }) {
  const { icon, chip } = KINDS[kind]
  return (
    <Button size="sm" icon={icon} onClick={onChoose}>
      {chip}
    </Button>
  )
}

/** What stands in the place of a value that is missing. */
const insteadWords = (filters: readonly string[], scope: TemplateScope): string | null =>
  filters.length === 0 ? 'names what is missing' : wordsOf({ path: 'nil', filters }, scope)

/** A result in a few words; null where there is none. */
function wordsOf(expression: Expression, scope: TemplateScope): string | null {
  const result = resultOf(expression, scope)
  if (result.kind !== 'value') return null
  const { value } = result
  if (value === '') return 'empty'
  return typeof value === 'object' && value !== null ? JSON.stringify(value).slice(0, 200) : String(value).slice(0, 200)
}

function zoneOf({ zap }: TemplateScope): string | null {
  return isJsonObject(zap) && typeof zap.timezone === 'string' ? zap.timezone : null
}

/** Moves the focus to the next line or the one before. */
function walk(panel: HTMLElement | null, by: 1 | -1): void {
  const lines = [...(panel?.querySelectorAll<HTMLElement>('[data-line]') ?? [])]
  const at = lines.findIndex((line) => line.matches(':focus'))
  lines[Math.max(0, Math.min(lines.length - 1, at + by))]?.focus()
}

/** Below the pill, or above it where there is no room, and never out of the window. */
function placeOf(rect: DOMRect): { left: number; top?: number; bottom?: number; width: number; maxHeight: number } {
  const left = Math.max(GAP, Math.min(rect.left, window.innerWidth - WIDTH - GAP))
  const below = window.innerHeight - rect.bottom - 2 * GAP
  const above = rect.top - 2 * GAP
  return below >= Math.min(HEIGHT, above)
    ? { left, top: rect.bottom + GAP, width: WIDTH, maxHeight: Math.min(HEIGHT, below) }
    : { left, bottom: window.innerHeight - rect.top + GAP, width: WIDTH, maxHeight: Math.min(HEIGHT, above) }
}

function useCloseOutside(panel: { readonly current: HTMLElement | null }, onClose: () => void): void {
  const latest = useRef(onClose)
  latest.current = onClose
  useEffect(() => {
    const close = (event: Event): void => {
      if (event.target instanceof Node && !panel.current?.contains(event.target)) latest.current()
    }
    document.addEventListener('pointerdown', close, true)
    // What the pill stands in is scrolled: the menu would stay behind.
    window.addEventListener('scroll', close, true)
    return () => {
      document.removeEventListener('pointerdown', close, true)
      window.removeEventListener('scroll', close, true)
    }
  }, [panel])
}
