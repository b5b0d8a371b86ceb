import { Search } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { SHOWN_RUN_STATES, type ShownRunState } from '../../../core/domain/runs/states.ts'
import { useZaps } from '../../queries/zaps.ts'
import { Input } from '../../ui/controls/input.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { StatusIcon, statusWord } from '../../ui/look/status-badge.tsx'
import type { RunFilter, RunTime } from './run-filter.ts'
import { RunTimeFields } from './run-time-fields.tsx'

const ANY = ''
const STATUS_OPTIONS = [
  { value: ANY, label: 'Any status' },
  ...SHOWN_RUN_STATES.map((status) => ({
    value: status,
    label: statusWord(status),
    icon: <StatusIcon status={status} hasWord />,
  })),
] as const satisfies readonly { value: ShownRunState | ''; label: string }[]

const TIME_OPTIONS = [
  { value: ANY, label: 'Any time' },
  { value: 'today', label: 'Today' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: 'range', label: 'Between…' },
] as const

/** Milliseconds without a key press after which a search begins. */
const SETTLE_MS = 250

/** What the list of runs is narrowed to. `onChange` says whether the way back should lead to the filter of before. */
export function RunFilters({
  filter,
  onChange,
}: {
  filter: RunFilter
  onChange: (filter: RunFilter, keepsBefore: boolean) => void
}) {
  const zaps = useZaps().data
  const { when, text } = filter
  const choose = (part: Part) => onChange(withPart(filter, part), true)
  return (
    <>
      <TextFilter text={text} onChange={(next) => onChange(withPart(filter, { text: next }), text === undefined)} />
      <Select
        label="Zap"
        className="max-w-48 min-w-28"
        value={filter.zapId ?? ANY}
        onChange={(zapId) => choose({ zapId: zapId === ANY ? undefined : zapId })}
        options={[
          { value: ANY, label: 'Every zap' },
          ...(zaps ?? []).map((zap) => ({ value: zap.id, label: zap.name })),
          ...unlisted(filter.zapId, zaps),
        ]}
      />
      <Select<ShownRunState | ''>
        label="Status"
        className="max-w-36 min-w-28"
        value={filter.status ?? ANY}
        onChange={(status) => choose({ status: status === '' ? undefined : status })}
        options={STATUS_OPTIONS}
      />
      <Select<(typeof TIME_OPTIONS)[number]['value']>
        label="When"
        className="max-w-36 min-w-28"
        value={typeof when === 'object' ? 'range' : (when ?? ANY)}
        onChange={(time) => choose({ when: time === '' ? undefined : time === 'range' ? todayOn() : time })}
        options={TIME_OPTIONS}
      />
      {typeof when === 'object' && (
        <RunTimeFields range={when} onChange={(range) => onChange(withPart(filter, { when: range }), false)} />
      )}
    </>
  )
}

/** The option for a zap that an address names and no list has: it was deleted, or the list is on its way. */
function unlisted(zapId: string | undefined, zaps: readonly { id: string }[] | null) {
  if (zapId === undefined || zaps?.some((zap) => zap.id === zapId)) return []
  return [{ value: zapId, label: zaps === null ? '…' : 'A deleted zap' }]
}

type Part = { [Key in keyof RunFilter]?: RunFilter[Key] | undefined }

/** A filter with parts of it put in place of its own, or taken out. */
function withPart(filter: RunFilter, part: Part): RunFilter {
  const { zapId, status, when, text } = { ...filter, ...part }
  return {
    ...(zapId !== undefined && { zapId }),
    ...(status !== undefined && { status }),
    ...(when !== undefined && { when }),
    ...(text !== undefined && { text }),
  }
}

/** Where a range of one's own begins before anything is said: at midnight, and open. */
function todayOn(): RunTime {
  const now = new Date()
  const two = (n: number): string => String(n).padStart(2, '0')
  return { from: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T00:00` }
}

/** The text to search for, told after a moment without typing. */
function TextFilter({ text, onChange }: { text: string | undefined; onChange: (text: string | undefined) => void }) {
  const [typed, setTyped] = useState(text ?? '')
  // Another address may bring another text. One that is the same but for blanks at its ends is what was typed here.
  useEffect(() => setTyped((now) => (now.trim() === (text ?? '') ? now : (text ?? ''))), [text])
  const tell = useEffectEvent((next: string) => {
    if (next !== (text ?? '')) onChange(next === '' ? undefined : next)
  })
  useEffect(() => {
    const timer = setTimeout(() => tell(typed.trim()), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <div className="relative w-64 min-w-40">
      <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-2.5 text-ink-faint" />
      <Input
        type="search"
        aria-label="Search in runs"
        placeholder="Search in runs"
        maxLength={500}
        className="pl-8"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') tell(typed.trim())
        }}
      />
    </div>
  )
}
