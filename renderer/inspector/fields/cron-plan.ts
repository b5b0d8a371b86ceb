/** A time of day. */
export type TimeOfDay = { readonly hour: number; readonly minute: number }

/** A cron pattern as the builder of schedules offers it. */
export type CronPlan =
  /** `every` divides 60: the hour begins anew with minute 0. */
  | { readonly repeats: 'minutes'; readonly every: number }
  | { readonly repeats: 'hours'; readonly minute: number }
  | { readonly repeats: 'days'; readonly at: TimeOfDay }
  /** `days` count from 0 for Sunday, in order and without doubles; there is at least one. */
  | { readonly repeats: 'weeks'; readonly days: readonly number[]; readonly at: TimeOfDay }
  | { readonly repeats: 'months'; readonly day: number; readonly at: TimeOfDay }

/** What the builder begins with when a kind of repetition is chosen. */
export const FIRST_PLANS: { readonly [Kind in CronPlan['repeats']]: Extract<CronPlan, { repeats: Kind }> } = {
  minutes: { repeats: 'minutes', every: 5 },
  hours: { repeats: 'hours', minute: 0 },
  days: { repeats: 'days', at: { hour: 9, minute: 0 } },
  weeks: { repeats: 'weeks', days: [1, 2, 3, 4, 5], at: { hour: 9, minute: 0 } },
  months: { repeats: 'months', day: 1, at: { hour: 9, minute: 0 } },
}

/** The pattern of a plan. */
export function cronOf(plan: CronPlan): string {
  switch (plan.repeats) {
    case 'minutes':
      return plan.every === 1 ? '* * * * *' : `*/${plan.every} * * * *`
    case 'hours':
      return `${plan.minute} * * * *`
    case 'days':
      return `${plan.at.minute} ${plan.at.hour} * * *`
    case 'weeks': {
      const days = plan.days.join(',')
      return `${plan.at.minute} ${plan.at.hour} * * ${days === '1,2,3,4,5' ? '1-5' : days}`
    }
    case 'months':
      return `${plan.at.minute} ${plan.at.hour} ${plan.day} * *`
  }
}

/** The plan that a pattern stands for; null for one that the builder has no place for. */
export function planOf(cron: string): CronPlan | null {
  const fields = cron.trim().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  if (fields.length !== 5 || month !== '*') return null
  if (hour === '*' && day === '*' && weekday === '*') {
    const every = minute === '*' ? 1 : number(/^\*\/(\d{1,2})$/.exec(minute)?.[1], 1, 59)
    // `*/50` is due at :00 and at :50, which is not every 50 minutes.
    if (every !== null) return 60 % every === 0 ? { repeats: 'minutes', every } : null
    const past = number(minute, 0, 59)
    return past === null ? null : { repeats: 'hours', minute: past }
  }
  const at = { minute: number(minute, 0, 59), hour: number(hour, 0, 23) }
  if (at.minute === null || at.hour === null) return null
  const time = { hour: at.hour, minute: at.minute }
  if (day === '*' && weekday === '*') return { repeats: 'days', at: time }
  if (day === '*') {
    const days = weekdays(weekday)
    return days === null ? null : { repeats: 'weeks', days, at: time }
  }
  const date = weekday === '*' ? number(day, 1, 31) : null
  return date === null ? null : { repeats: 'months', day: date, at: time }
}

/** `09:05`, as fields for times of day have it. */
export function timeText({ hour, minute }: TimeOfDay): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** The time of a text such as `09:05`; null for any other. */
export function timeOf(text: string): TimeOfDay | null {
  const [hour, minute, more] = text.split(':')
  const time = { hour: number(hour, 0, 23), minute: number(minute, 0, 59) }
  return more !== undefined || time.hour === null || time.minute === null
    ? null
    : { hour: time.hour, minute: time.minute }
}

/** `1-5`, `0,6` and `1,3-5` as days in order; null for anything else. Sunday is 0, and 7 too. */
function weekdays(text: string): readonly number[] | null {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [from, to = from] = part.split('-')
    const range = [number(from, 0, 7), number(to, 0, 7)] as const
    if (range[0] === null || range[1] === null || range[0] > range[1]) return null
    for (let day = range[0]; day <= range[1]; day++) days.add(day % 7)
  }
  return [...days].toSorted((a, b) => a - b)
}

function number(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}
