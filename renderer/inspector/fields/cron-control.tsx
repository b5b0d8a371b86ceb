import { useMemo } from 'react'
import { cronProblem, cronTimes } from '../../../core/domain/time/cron.ts'
import { cronInWords } from '../../../core/domain/time/schedule-in-words.ts'
import { hostZone } from '../../../core/domain/time/zone.ts'
import { timeZoneSchema } from '../../../core/domain/zap/zap-file.ts'
import { describedBy } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { useNow } from '../../ui/words/use-now.ts'
import { textOfValue, valueOfText } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'
import { CronBuilder } from './cron-builder.tsx'
import { cronOf, planOf } from './cron-plan.ts'
import { NEXT_TIMES, NextTimes, useZone } from './next-times.tsx'

/** A cron pattern, put together from choices or written, said in words, with the times that it means. */
export function CronControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const typed = useZone()
  // A zone that is half typed says so below its own field, and makes no other one wrong.
  const zone = typed !== undefined && timeZoneSchema.safeParse(typed).success ? typed : undefined
  const text = textOfValue(value)
  const minute = Math.floor(useNow(text !== '', 1_000) / 60_000)
  const times = useMemo(() => nextTimes(text, zone, new Date(minute * 60_000)), [text, zone, minute])
  const plan = planOf(text)
  const words = cronInWords(text)
  return (
    <div className="flex flex-col gap-1.5">
      <CronBuilder
        title={field.title}
        plan={plan}
        isOwn={plan === null && text !== ''}
        onChange={(next) => setValue(path, cronOf(next))}
      />
      <Input
        id={id}
        className="font-mono text-sm"
        placeholder={field.placeholder ?? 'minute hour day month weekday'}
        value={text}
        aria-invalid={problem !== null || times === null || undefined}
        aria-describedby={describedBy(id, { help: field.description, error: problem })}
        onChange={(event) => setValue(path, valueOfText(event.target.value, false))}
      />
      {times === null && problem === null && (
        <p className="text-sm text-error">
          Five fields are needed: minute, hour, day, month and weekday; or six, with seconds before them.
        </p>
      )}
      {times !== null && plan === null && words !== text && <p className="text-sm text-ink-soft">{sentence(words)}</p>}
      {times !== null && zone === typed && <NextTimes times={times} zone={zone} />}
    </div>
  )
}

/** The due times after a moment; none for an empty pattern, null for one that cannot be read. */
function nextTimes(cron: string, zone: string | undefined, after: Date): readonly Date[] | null {
  if (cron.trim() === '') return []
  if (cronProblem(cron) !== null) return null
  try {
    const times: Date[] = []
    const due = cronTimes(cron, zone ?? hostZone())
    for (let at = due.next(after.getTime()); at !== null && times.length < NEXT_TIMES; at = due.next(at)) {
      times.push(new Date(at))
    }
    return times
  } catch {
    // A zone that is still being typed is none yet.
    return []
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
