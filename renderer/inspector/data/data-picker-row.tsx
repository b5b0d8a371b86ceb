import { Braces, Calendar, ChevronRight, Hash, List, type LucideIcon, ToggleLeft, Type } from 'lucide-react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { type DataRow, type DataSource, shortValue } from './data-tree.ts'
import { sampleWords } from './sample-words.ts'
import { kindOf, type ValueKind } from './value-kind.ts'

/** A value of an earlier step: click or drag to use it, the arrow unfolds what is inside. */
export function DataPickerRow({
  id,
  row,
  source,
  manifest,
  active,
  isUsed,
  onInsert,
  onToggle,
}: {
  id: string
  row: DataRow
  source: DataSource | undefined
  manifest: ConnectorManifest | undefined
  active: boolean
  /** Whether the step reads it already. */
  isUsed: boolean
  onInsert(path: string): void
  /** Null while searching, when nothing is folded. */
  onToggle: ((path: string) => void) | null
}) {
  const isStep = row.path === row.source
  // The fill of the active row takes some of the contrast away.
  const faint = active ? 'text-ink-soft' : 'text-ink-faint'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the field or the search that owns this list
    <div
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData('text/plain', `{{ ${row.path} }}`)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={() => onInsert(row.path)}
      title={`Insert {{ ${row.path} }}`}
      className={classNames(
        'flex min-h-7 items-center gap-1.5 rounded-sm pr-2 outline-none',
        active ? 'bg-press' : 'hover:bg-hover',
        isStep && 'mt-1 first:mt-0',
      )}
      style={{ paddingLeft: row.depth * 14 + 2 }}
    >
      {onToggle && row.children > 0 ? (
        // Not a button: inside an option, and the arrow keys do the same.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <span
          className="flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-faint hover:bg-press"
          onClick={(event) => {
            event.stopPropagation()
            onToggle(row.path)
          }}
        >
          <ChevronRight size={13} aria-hidden className={classNames('transition-transform', row.open && 'rotate-90')} />
        </span>
      ) : (
        <span className="flex w-5 shrink-0 justify-center text-ink-faint">
          {!isStep && <KindIcon value={row.value} />}
        </span>
      )}
      {isStep ? (
        <>
          <ConnectorIcon icon={manifest?.icon} category={manifest?.category} size={20} />
          <span className="min-w-0 truncate font-semibold text-ink">{row.label}</span>
          <span className={classNames('ml-auto shrink-0 text-xs', faint)}>
            {source?.from ?? (source?.sample ? sampleWords(source.sample) : 'nothing yet')}
          </span>
        </>
      ) : (
        <>
          <span className="max-w-[60%] shrink-0 truncate font-mono text-xs text-ink">{row.label}</span>
          {isUsed && (
            <span className="size-1.5 shrink-0 rounded-full bg-accent">
              <span className="sr-only">used in this step</span>
            </span>
          )}
          <span className={classNames('ml-auto min-w-0 truncate text-xs', faint)}>
            {shortValue(row.value) || sizeOf(row)}
          </span>
        </>
      )}
    </div>
  )
}

const KIND_ICONS: Readonly<Record<ValueKind, LucideIcon>> = {
  text: Type,
  number: Hash,
  date: Calendar,
  list: List,
  object: Braces,
  boolean: ToggleLeft,
}

/** What kind of value it is; nothing for null and what is not known. */
function KindIcon({ value }: { value: Json | undefined }) {
  const kind = kindOf(value)
  const Icon = kind === null ? null : KIND_ICONS[kind]
  return Icon && <Icon size={12} aria-hidden />
}

/** How much is inside of an object. */
const sizeOf = ({ children }: DataRow): string =>
  children === 0 ? '' : `${children} ${children === 1 ? 'field' : 'fields'}`
