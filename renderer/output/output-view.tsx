import { Search } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { SEGMENT, SEGMENTS } from '../ui/controls/segments.ts'
import { asLargeValue } from '../ui/json/large-value.ts'
import { JsonLines } from './json-lines.tsx'
import { jsonTable } from './json-table.ts'
import { RawLines } from './raw-lines.tsx'
import { SchemaLines } from './schema-lines.tsx'
import { TableView } from './table-view.tsx'

const VIEWS = ['schema', 'table', 'json', 'raw'] as const
type View = (typeof VIEWS)[number]
const NAMES: Readonly<Record<View, string>> = { schema: 'Schema', table: 'Table', json: 'JSON', raw: 'Raw' }

/** What was chosen last holds for the next value as well, as far as it can be shown so. */
let lastView: View = 'json'

/** A value as schema, table, JSON or raw text, with a search in it. Payloads are always text. */
export function OutputView({
  value,
  path,
  label,
  actions,
}: {
  value: Json
  /** How templates reach the value: the step's id. */
  path: string
  /** What it is, for screen readers. */
  label: string
  /** What else can be done with it, beside the copy button. */
  actions?: ReactNode
}) {
  const [chosen, setChosen] = useState(lastView)
  const [typed, setTyped] = useState('')
  // A search through 10,000 items must not hold up the next key.
  const search = useDeferredValue(typed.trim())
  const table = useMemo(() => jsonTable(value, path), [value, path])
  const view = chosen === 'table' && table === null ? 'json' : chosen
  const choose = (name: string): void => {
    const next = VIEWS.find((one) => one === name)
    if (next === undefined) return
    lastView = next
    setChosen(next)
  }
  const props = { value, path, search, label }
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        <ToggleGroup.Root
          type="single"
          value={view}
          onValueChange={choose}
          aria-label={`Show ${label.toLowerCase()} as`}
          className={SEGMENTS}
        >
          {VIEWS.map((name) => (
            <ToggleGroup.Item
              key={name}
              value={name}
              disabled={name === 'table' && table === null}
              title={name === 'table' && table === null ? 'There is no list of objects in it' : undefined}
              className={SEGMENT}
            >
              {NAMES[name]}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
        <span className="ml-auto flex items-center">
          {actions}
          <span hidden={asLargeValue(value) !== null}>
            <CopyButton
              text={() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))}
              label={`Copy ${label.toLowerCase()}`}
            />
          </span>
        </span>
      </div>
      <div className="relative">
        <Search size={13} aria-hidden className="absolute top-2 left-2.5 text-ink-faint" />
        <Input
          type="search"
          aria-label={`Search ${label.toLowerCase()}`}
          placeholder="Search keys and values"
          className="h-7! pl-7.5!"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div>
        {view === 'schema' && <SchemaLines {...props} />}
        {view === 'table' && table !== null && <TableView table={table} search={search} label={label} />}
        {view === 'json' && <JsonLines {...props} />}
        {view === 'raw' && <RawLines {...props} />}
      </div>
    </section>
  )
}
