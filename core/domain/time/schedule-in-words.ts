import { DAYS, MONTHS } from './write-date.ts'

const NICKNAMES: { readonly [name: string]: string } = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}
/** Times that are named one by one; of more, the expression is easier to read. */
const MAX_NAMED = 6

const UNITS: { readonly [letter: string]: string } = { s: 'second', m: 'minute', h: 'hour', d: 'day' }

/** A pause between due times in words (`45m` → "every 45 minutes"); one that has no short words as it is written. */
export function everyInWords(pause: string): string {
  const [, count = '', letter = ''] = /^(\d{1,9})([smhd])$/.exec(pause) ?? []
  const unit = UNITS[letter]
  if (unit === undefined) return `every ${pause}`
  return count === '1' ? `every ${unit}` : `every ${count} ${unit}s`
}

/** A cron expression in words that say when it is due (`0 9 * * 1-5` → "weekdays at 09:00"); one that has no short words unchanged. */
export function cronInWords(cron: string): string {
  const written = cron.trim()
  const fields = (NICKNAMES[written.toLowerCase()] ?? written).split(/\s+/)
  // Seconds stand before the five others; at second 0 they say nothing.
  if (fields.length === 6 && /^0{1,2}$/.test(fields[0] ?? '')) fields.shift()
  if (fields.length !== 5) return cron
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const days = daysInWords(day, month, weekday)
  const times = timesInWords(valuesOf(minute, 0, 59), valuesOf(hour, 0, 23))
  if (days === null || times === null) return cron
  if (times.startsWith('every')) return days === '' ? times : `${times}, ${days}`
  return `${days === '' ? 'every day' : days} ${times}`
}

/** The times of a day: `every 5 minutes`, `every hour at :05`, or `at 09:00`; null for those without short words. */
function timesInWords(minutes: readonly number[] | null, hours: readonly number[] | null): string | null {
  if (minutes === null || hours === null) return null
  const [minute = 0] = minutes
  if (hours.length === 24) {
    const step = stepOf(minutes, 60)
    if (step !== null) return step === 1 ? 'every minute' : `every ${step} minutes`
    if (minutes.length === 1) return minute === 0 ? 'every hour' : `every hour at :${twoDigits(minute)}`
    return minutes.length > MAX_NAMED ? null : `every hour at ${listed(minutes.map((one) => `:${twoDigits(one)}`))}`
  }
  const step = stepOf(hours, 24)
  if (step !== null && minutes.length === 1 && minute === 0) return `every ${step} hours`
  if (minutes.length * hours.length > MAX_NAMED) return null
  return `at ${listed(hours.flatMap((one) => minutes.map((past) => `${twoDigits(one)}:${twoDigits(past)}`)))}`
}

/** The pause between values that come round evenly, as 0, 15, 30 and 45 of 60 do, but 0 and 50 do not; null for others. */
function stepOf(values: readonly number[], round: number): number | null {
  const step = round / values.length
  if (values.length === 1 || !Number.isInteger(step)) return null
  return values.every((value, at) => value === at * step) ? step : null
}

/** On which days: empty for every day, null for those without short words. */
function daysInWords(day: string, month: string, weekday: string): string | null {
  const dates = valuesOf(day, 1, 31)
  const months = valuesOf(month, 1, 12, MONTHS)
  const weekdays = valuesOf(weekday, 0, 7, DAYS)
  if (dates === null || months === null || weekdays === null) return null
  const isMonth = months.length < 12
  const inMonths = isMonth ? ` in ${listed(months.map((one) => MONTHS[one - 1] ?? ''))}` : ''
  const named = weekdayWords([...new Set(weekdays.map((one) => one % 7))].toSorted((a, b) => a - b))
  // Cron takes a field for no restriction only where it begins with an asterisk; two that restrict mean either.
  if (day === '*' && weekday === '*') return isMonth ? `every day${inMonths}` : ''
  if (day === '*') return named === null ? null : `${named}${inMonths}`
  if (dates.length > MAX_NAMED) return null
  const onDates = `day ${listed(dates.map(String))} of ${isMonth ? listed(months.map((one) => MONTHS[one - 1] ?? '')) : 'every month'}`
  if (weekday === '*') return onDates
  return named === null ? null : `${onDates} and ${named}${inMonths}`
}

function weekdayWords(days: readonly number[]): string | null {
  const text = days.join()
  if (text === '1,2,3,4,5') return 'weekdays'
  if (text === '0,6') return 'weekends'
  return days.length === 7 ? null : `every ${listed(days.map((day) => DAYS[day] ?? ''))}`
}

/** The values of a field in order; null for what has more to it than numbers, names, ranges and steps (`L`, `#`, `W`, `?`). */
function valuesOf(field: string, least: number, most: number, names: readonly string[] = []): readonly number[] | null {
  const numberOf = (text: string): number => {
    const named = names.findIndex((name) => text.length === 3 && name.slice(0, 3).toLowerCase() === text.toLowerCase())
    return named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  }
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step, more] = part.split('/')
    const [from = '', to = step === undefined ? from : '', rest] = range.split('-')
    const [first, last] = range === '*' ? [least, most] : [numberOf(from), numberOf(to)]
    const by = step === undefined ? 1 : /^\d{1,2}$/.test(step) ? Number(step) : 0
    if (more !== undefined || rest !== undefined || by === 0 || !(first >= least && first <= last && last <= most))
      return null
    for (let value = first; value <= last; value += by) values.add(value)
  }
  return [...values].toSorted((a, b) => a - b)
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
