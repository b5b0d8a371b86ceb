import { Braces, ChevronDown, RefreshCw, Search, Webhook, Zap } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ApiOperation } from '../../core/contract/app-values.ts'
import { useOperations, type WhichApi } from '../queries/apis.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { formFields } from '../steps/form-fields.ts'
import { MarkedText } from '../steps/marked-text.tsx'
import { Button } from '../ui/controls/button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { MethodWord } from '../ui/look/method-word.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

/** The operations and events of an API by their tags, with a search over all of them; one that is opened shows what it takes. */
export function OperationList({ of, focusSearch = false }: { of: NonNullable<WhichApi>; focusSearch?: boolean }) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<string | null>(null)
  const { operations, total, isReading, more } = useOperations(of, search)
  const groups = byTag(operations)
  return (
    <section aria-label="Operations" className="flex min-h-0 flex-col rounded-lg border border-line bg-surface">
      <div className="flex items-center gap-3 border-line border-b p-3">
        <div className="relative w-72">
          <Search size={14} aria-hidden className="absolute top-2.25 left-2.5 text-ink-faint" />
          <Input
            type="search"
            aria-label="Search operations"
            placeholder="Search operations"
            autoFocus={focusSearch}
            className="pl-8"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
        <p role="status" className="text-sm text-ink-faint tabular-nums">
          {total === null ? '' : search.trim() === '' ? `${total} in all` : `${total} fit`}
        </p>
        {isReading && <Spinner label="Reading…" />}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {total === 0 && <p className="px-4 py-10 text-center text-ink-faint">Nothing is called that.</p>}
        {groups.map(([tag, members]) => (
          <section key={tag} aria-label={tag}>
            <h2 className="flex items-center gap-2 border-line border-b bg-sunken px-4 py-1.5 text-sm font-medium text-ink-soft">
              <ChevronDown size={13} aria-hidden className="text-ink-faint" /> {tag}
              <span className="font-normal text-ink-faint tabular-nums">{members.length}</span>
            </h2>
            <ul className="[&>li:nth-child(n+30)]:[content-visibility:auto] [&>li:nth-child(n+30)]:[contain-intrinsic-height:auto_49px]">
              {members.map((operation) => (
                <OperationRow
                  key={operation.key}
                  of={of}
                  operation={operation}
                  search={search.trim()}
                  isOpen={open === operation.key}
                  onToggle={() => setOpen(open === operation.key ? null : operation.key)}
                />
              ))}
            </ul>
          </section>
        ))}
        {more !== null && (
          <div className="p-3 text-center">
            <Button size="sm" onClick={more}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

function OperationRow({
  of,
  operation,
  search,
  isOpen,
  onToggle,
}: {
  of: NonNullable<WhichApi>
  operation: ApiOperation
  search: string
  isOpen: boolean
  onToggle(): void
}) {
  const { key, title, method, path, isDeprecated } = operation
  return (
    <li className={classNames('border-line border-b', isOpen && 'bg-sunken')}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className={classNames(
          'grid w-full grid-cols-[68px_1fr_auto] items-start gap-x-2 px-4 py-1.5 text-left',
          !isOpen && 'hover:bg-hover',
        )}
      >
        <MethodWord method={method} className="pt-0.5" />
        <span className="min-w-0">
          <span className={classNames('block truncate font-medium text-ink', isDeprecated && 'line-through')}>
            <MarkedText text={title} search={search} />
          </span>
          <span className="block truncate font-mono text-xs text-ink-faint">
            <MarkedText text={path} search={search} />
          </span>
        </span>
        <Marks operation={operation} />
      </button>
      {isOpen && <OpenRow of={of} operation={key} />}
    </li>
  )
}

/** What is special about an operation. */
function Marks({ operation: { isEvent, canPoll, fields, raw, needsJson } }: { operation: ApiOperation }) {
  const mark = (icon: ReactNode, words: string, colour: string) => (
    <span className={classNames('flex items-center gap-1 pt-0.5 text-sm', colour)}>
      {icon} {words}
    </span>
  )
  if (isEvent) return mark(<Webhook size={13} aria-hidden />, 'webhook', 'text-cat-webhook')
  if (needsJson) return mark(<Braces size={13} aria-hidden />, `${raw.length} as JSON`, 'text-waiting')
  if (canPoll) return mark(<Zap size={13} aria-hidden />, 'can start zaps', 'text-cat-webhook')
  return (
    <span className="pt-0.5 text-sm text-ink-faint">
      {fields ? `${fields} ${fields === 1 ? 'field' : 'fields'}` : ''}
    </span>
  )
}

function OpenRow({ of, operation }: { of: NonNullable<WhichApi>; operation: string }) {
  const { data, failure } = useAnswer(queries.apps.operation.queryOptions({ input: { of, operation } }))
  const fields = data === null ? [] : formFields(data.form)
  const shown = fields.slice(0, 12)
  return (
    <div className="flex flex-col gap-1.5 pr-4 pb-3 pl-[92px]">
      {failure !== null && <p className="text-sm text-error">{failure.message}</p>}
      {data?.description && <p className="text-sm text-ink-soft">{data.description}</p>}
      {shown.length > 0 && (
        <ul className="flex flex-wrap gap-1.5" aria-label="Fields">
          {shown.map(({ name, title, required }) => (
            <li key={name} className="rounded border border-line-strong bg-surface px-2 py-0.5 text-sm">
              {title}
              {required && <span className="text-error"> *</span>}
            </li>
          ))}
          {fields.length > shown.length && (
            <li className="py-0.5 text-sm text-ink-soft">and {fields.length - shown.length} more</li>
          )}
        </ul>
      )}
      {data?.raw.map(([name, reason]) => (
        <p key={name} className="text-sm text-waiting">
          {name} is written as JSON: {reason}.
        </p>
      ))}
      {data?.effect === 'unsafe' && (
        <p className="flex items-center gap-1 text-sm text-ink-faint">
          <RefreshCw size={12} aria-hidden /> Not repeated by itself: one that was cut off asks first.
        </p>
      )}
    </div>
  )
}

/** In the order of the document, what has no tag last. */
function byTag(operations: readonly ApiOperation[]): readonly [string, readonly ApiOperation[]][] {
  const groups = new Map<string, ApiOperation[]>()
  for (const operation of operations) {
    const tag = operation.isEvent ? 'Triggers' : operation.tag || 'Others'
    groups.set(tag, [...(groups.get(tag) ?? []), operation])
  }
  return [...groups]
}
