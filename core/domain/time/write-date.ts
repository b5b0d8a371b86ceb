import { zoneOf } from './zone.ts'

/** The months and the days of the week by their English names, in the order in which dates count them. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_MS = 86_400_000
const MAX_FORMAT_CHARS = 1_000
const MAX_WIDTH = 100

/** A moment on the clocks of a zone: `wall` reads like a date in UTC. */
type Shown = { readonly at: number; readonly wall: Date; readonly offset: number; readonly zone: string }
/** What stands for a directive, and how it is padded: to how many characters, with zeros or blanks. */
type Directive = readonly [
  write: (shown: Shown, width: number | undefined, colons: number) => string | number,
  width?: number,
  pad?: '0' | ' ',
]

/** Ruby's and C's directives. Those that are made of others are in {@link COMPOSED}. */
const DIRECTIVES: { readonly [letter: string]: Directive } = {
  Y: [({ wall }) => wall.getUTCFullYear(), 4],
  C: [({ wall }) => Math.floor(wall.getUTCFullYear() / 100), 2],
  y: [({ wall }) => ((wall.getUTCFullYear() % 100) + 100) % 100, 2],
  m: [({ wall }) => wall.getUTCMonth() + 1, 2],
  B: [({ wall }) => MONTHS[wall.getUTCMonth()] ?? ''],
  b: [({ wall }) => (MONTHS[wall.getUTCMonth()] ?? '').slice(0, 3)],
  h: [({ wall }) => (MONTHS[wall.getUTCMonth()] ?? '').slice(0, 3)],
  d: [({ wall }) => wall.getUTCDate(), 2],
  e: [({ wall }) => wall.getUTCDate(), 2, ' '],
  q: [({ wall }) => ordinal(wall.getUTCDate())],
  j: [({ wall }) => dayOfYear(wall) + 1, 3],
  H: [({ wall }) => wall.getUTCHours(), 2],
  k: [({ wall }) => wall.getUTCHours(), 2, ' '],
  I: [({ wall }) => wall.getUTCHours() % 12 || 12, 2],
  l: [({ wall }) => wall.getUTCHours() % 12 || 12, 2, ' '],
  p: [({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM')],
  P: [({ wall }) => (wall.getUTCHours() < 12 ? 'am' : 'pm')],
  M: [({ wall }) => wall.getUTCMinutes(), 2],
  S: [({ wall }) => wall.getUTCSeconds(), 2],
  L: [({ wall }, width = 3) => fraction(wall, width)],
  N: [({ wall }, width = 9) => fraction(wall, width)],
  s: [({ at }) => Math.floor(at / 1_000)],
  z: [({ offset }, _width, colons) => offsetText(offset, colons), 5],
  Z: [({ at, zone }) => zoneWord(at, zone)],
  A: [({ wall }) => DAYS[wall.getUTCDay()] ?? ''],
  a: [({ wall }) => (DAYS[wall.getUTCDay()] ?? '').slice(0, 3)],
  u: [({ wall }) => wall.getUTCDay() || 7],
  w: [({ wall }) => wall.getUTCDay()],
  U: [({ wall }) => Math.floor((dayOfYear(wall) + 7 - wall.getUTCDay()) / 7), 2],
  W: [({ wall }) => Math.floor((dayOfYear(wall) + 7 - ((wall.getUTCDay() + 6) % 7)) / 7), 2],
  G: [({ wall }) => isoWeek(wall).year, 4],
  g: [({ wall }) => ((isoWeek(wall).year % 100) + 100) % 100, 2],
  V: [({ wall }) => isoWeek(wall).week, 2],
  n: [() => '\n'],
  t: [() => '\t'],
  '%': [() => '%'],
}

const COMPOSED: { readonly [letter: string]: string } = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  v: '%e-%^b-%Y',
  c: '%a %b %e %H:%M:%S %Y',
  '+': '%a %b %e %H:%M:%S %Z %Y',
}

/**
 * A moment (milliseconds since 1970 UTC) in a format of `strftime`, by the clocks of a zone, in English. Flags: `-` no padding, `_` blanks, `0` zeros, `^` capitals, `#` the
 * other case, `:` colons in `%z`; then a width. What is no directive stays as it is written.
 *
 * @throws RangeError for an unknown zone, Error for a format or width beyond measure.
 */
export function writeDate(at: number, format: string, zoneName: string): string {
  if (format.length > MAX_FORMAT_CHARS) throw new Error(`a date's format has ${MAX_FORMAT_CHARS} characters at most`)
  const offset = zoneOf(zoneName).offsetAt(at)
  return write({ at, wall: new Date(at + offset), offset, zone: zoneName }, format)
}

function write(shown: Shown, format: string): string {
  return format.replace(
    /%([-_0^#:]{0,9})(\d{0,9})[EO]?([a-zA-Z%+])/g,
    (written, flags: string, digits: string, letter: string) => {
      const composed = COMPOSED[letter]
      const directive: Directive | undefined =
        composed === undefined ? DIRECTIVES[letter] : [(inner) => write(inner, composed), 0, ' ']
      if (directive === undefined) return written
      const width = digits === '' ? undefined : Number(digits)
      if (width !== undefined && width > MAX_WIDTH)
        throw new Error(`"${written}" is wider than ${MAX_WIDTH} characters`)
      const [make, usual = 0, ownPad] = directive
      const made = make(shown, width, [...flags].filter((flag) => flag === ':').length)
      const text = cased(String(made), flags)
      if (flags.includes('-')) return text
      const pad = flags.includes('_')
        ? ' '
        : flags.includes('0')
          ? '0'
          : (ownPad ?? (typeof made === 'number' || letter === 'z' ? '0' : ' '))
      const sign = pad === '0' ? (/^[+-]/.exec(text)?.[0] ?? '') : ''
      return sign + text.slice(sign.length).padStart((width ?? usual) - sign.length, pad)
    },
  )
}

function cased(text: string, flags: string): string {
  if (flags.includes('^')) return text.toUpperCase()
  if (!flags.includes('#')) return text
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}

function fraction(wall: Date, digits: number): string {
  return String(wall.getUTCMilliseconds()).padStart(3, '0').padEnd(digits, '0').slice(0, digits)
}

function dayOfYear(wall: Date): number {
  const first = new Date(wall).setUTCMonth(0, 1)
  return Math.round((wall.getTime() - first) / DAY_MS)
}

/** ISO 8601: a week is of the year of its Thursday. */
function isoWeek(wall: Date): { year: number; week: number } {
  const thursday = new Date(wall.getTime() + (4 - (wall.getUTCDay() || 7)) * DAY_MS)
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 }
}

function offsetText(offset: number, colons: number): string {
  const seconds = Math.abs(offset) / 1_000
  const [hours = '', minutes = '', rest = ''] = [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  )
  const between = colons > 0 ? ':' : ''
  return `${offset < 0 ? '-' : '+'}${hours}${between}${minutes}${colons > 1 ? `:${rest}` : ''}`
}

function zoneWord(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
