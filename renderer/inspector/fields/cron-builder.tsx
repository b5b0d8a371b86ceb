import { Input } from '../../ui/controls/input.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { type CronPlan, FIRST_PLANS, type TimeOfDay, timeOf, timeText } from './cron-plan.ts'

const REPEATS = [
  { value: 'minutes', label: 'Every few minutes' },
  { value: 'hours', label: 'Every hour' },
  { value: 'days', label: 'Every day' },
  { value: 'weeks', label: 'On days of the week' },
  { value: 'months', label: 'Every month' },
] as const
const MINUTES = [1, 2, 3, 5, 10, 15, 20, 30]
/** As a working week is read; 0 is Sunday. */
const WEEK = [
  [1, 'Mo', 'Monday'],
  [2, 'Tu', 'Tuesday'],
  [3, 'We', 'Wednesday'],
  [4, 'Th', 'Thursday'],
  [5, 'Fr', 'Friday'],
  [6, 'Sa', 'Saturday'],
  [0, 'Su', 'Sunday'],
] as const

/** Puts a schedule together from choices. `plan` is null for none, and for a pattern (`isOwn`) that no choices stand for. */
export function CronBuilder({
  title,
  plan,
  isOwn,
  onChange,
}: {
  title: string
  plan: CronPlan | null
  isOwn: boolean
  onChange(plan: CronPlan): void
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <Select
          label={`${title}: how often`}
          value={plan?.repeats}
          placeholder={isOwn ? 'Own pattern' : 'How often…'}
          options={REPEATS}
          onChange={(repeats) => onChange(withTimeOf(plan, FIRST_PLANS[repeats]))}
        />
        {plan?.repeats === 'minutes' && (
          <Select
            className="w-32! shrink-0"
            label={`${title}: minutes between`}
            value={String(plan.every)}
            options={[...new Set([...MINUTES, plan.every])].toSorted((a, b) => a - b).map(minutesOption)}
            onChange={(every) => onChange({ ...plan, every: Number(every) })}
          />
        )}
        {plan?.repeats === 'hours' && (
          <Select
            className="w-32! shrink-0"
            label={`${title}: minute of the hour`}
            value={String(plan.minute)}
            options={Array.from({ length: 60 }, (_, minute) => ({
              value: String(minute),
              label: `at :${String(minute).padStart(2, '0')}`,
            }))}
            onChange={(minute) => onChange({ ...plan, minute: Number(minute) })}
          />
        )}
        {plan?.repeats === 'months' && (
          <Select
            className="w-24! shrink-0"
            label={`${title}: day of the month`}
            value={String(plan.day)}
            options={Array.from({ length: 31 }, (_, index) => ({
              value: String(index + 1),
              label: `day ${index + 1}`,
            }))}
            onChange={(day) => onChange({ ...plan, day: Number(day) })}
          />
        )}
        {plan !== null && 'at' in plan && (
          <TimeInput label={`${title}: time of day`} at={plan.at} onChange={(at) => onChange({ ...plan, at })} />
        )}
      </div>
      {plan?.repeats === 'weeks' && (
        <DaysOfWeek title={title} days={plan.days} onChange={(days) => onChange({ ...plan, days })} />
      )}
      {plan?.repeats === 'months' && plan.day > 28 && (
        <p className="text-sm text-ink-faint">A month without a day {plan.day} is left out.</p>
      )}
    </div>
  )
}

function TimeInput({ label, at, onChange }: { label: string; at: TimeOfDay; onChange(at: TimeOfDay): void }) {
  return (
    <Input
      type="time"
      aria-label={label}
      className="w-30! shrink-0 tabular-nums"
      value={timeText(at)}
      onChange={(event) => {
        const time = timeOf(event.target.value)
        if (time !== null) onChange(time)
      }}
    />
  )
}

function DaysOfWeek(props: { title: string; days: readonly number[]; onChange(days: readonly number[]): void }) {
  const { days } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: seven buttons, not a fieldset
    <div role="group" aria-label={`${props.title}: days of the week`} className="flex gap-1">
      {WEEK.map(([day, short, name]) => {
        const isOn = days.includes(day)
        const next = (isOn ? days.filter((one) => one !== day) : [...days, day]).toSorted((a, b) => a - b)
        return (
          <button
            key={day}
            type="button"
            aria-pressed={isOn}
            // Without any day there would be no schedule.
            disabled={next.length === 0}
            className={classNames(
              'h-7 flex-1 rounded border text-sm font-medium',
              isOn
                ? 'border-accent-line bg-accent-soft text-accent'
                : 'border-line-strong text-ink-soft hover:bg-hover',
            )}
            onClick={() => props.onChange(next)}
          >
            <span aria-hidden>{short}</span>
            <span className="sr-only">{name}</span>
          </button>
        )
      })}
    </div>
  )
}

/** Another repetition at the time of day that was chosen already. */
function withTimeOf(plan: CronPlan | null, next: CronPlan): CronPlan {
  return plan !== null && 'at' in plan && 'at' in next ? { ...next, at: plan.at } : next
}

const minutesOption = (every: number) => ({
  value: String(every),
  label: every === 1 ? '1 minute' : `${every} minutes`,
})
