import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { ValueKind } from '../data/value-kind.ts'
import { quoted } from '../templates/expression.ts'

/** What one of the menus of a pill is about: a kind of value, or what stands in for one that is missing. */
export type MenuKind = ValueKind | 'missing'

/** Something that can be done with a value: the filters that do it, or what has to be asked first. */
export type Change = {
  readonly label: string
  readonly filters: readonly string[]
  readonly ask?: Ask
}

/** One thing that is asked in place: `start` is a good answer. Null for an answer that is none. */
export type Ask = {
  readonly label: string
  readonly start: string
  filtersOf(answer: string): readonly string[] | null
}

const plain = (label: string, ...filters: readonly string[]): Change => ({ label, filters })

/** A change with a text that is asked for. */
function withText(
  label: string,
  question: string,
  start: string,
  filtersOf: (text: string) => readonly string[],
): Change {
  return {
    label: `${label}…`,
    filters: filtersOf(start),
    ask: { label: question, start, filtersOf: (answer) => (answer === '' ? null : filtersOf(answer)) },
  }
}

/** A change with a number that is asked for. */
function withNumber(label: string, question: string, start: number, filterOf: (number: number) => string): Change {
  return {
    label: `${label}…`,
    filters: [filterOf(start)],
    ask: {
      label: question,
      start: String(start),
      filtersOf(answer) {
        const number = Number(answer.replace(',', '.'))
        return answer.trim() === '' || !Number.isFinite(number) ? null : [filterOf(number)]
      },
    },
  }
}

const DATES: readonly Change[] = [
  plain('Day, in words', 'date: "%-d %b %Y"'),
  plain('Day and time', 'date: "%-d %b %Y, %H:%M"'),
  plain('Day, to sort by', 'date: "%Y-%m-%d"'),
  plain('Day, with dots', 'date: "%d.%m.%Y"'),
  plain('Day, month first', 'date: "%m/%d/%Y"'),
  plain('Time', 'date: "%H:%M"'),
  plain('Weekday', 'date: "%A"'),
  plain('How long ago', 'ago'),
]

const NUMBERS: readonly Change[] = [
  plain('Two places', 'format_number: "1500.75"'),
  plain('With commas', 'format_number: "1,500.75"'),
  plain('With dots', 'format_number: "1.500,75"'),
  plain('Euro', 'format_number: "1.500,75 €"'),
  plain('Dollar', 'format_number: "$1,500.75"'),
  plain('Whole', 'round'),
  withText('As an example', 'Written like', "1'500.75", (text) => [`format_number: ${quoted(text)}`]),
  withNumber('Times', 'Times', 1.19, (number) => `times: ${number}`),
  withNumber('Plus', 'Plus', 1, (number) => `plus: ${number}`),
]

const TEXTS: readonly Change[] = [
  plain('Spaces cut off', 'strip'),
  plain('Capitals', 'upcase'),
  plain('Small letters', 'downcase'),
  plain('First letter large', 'capitalize'),
  plain('For addresses', 'slugify'),
  withNumber('Shortened', 'To how many characters', 20, (number) => `truncate: ${Math.max(1, Math.round(number))}`),
  withText('Without', 'Take out', ' ', (text) => [`remove: ${quoted(text)}`]),
  withText('Cut into a list', 'At', ',', (text) => [`split: ${quoted(text)}`]),
]

/** Fields of the items of a list that are offered. */
const FIELDS = 4

/** What can be done with a value, as one of a kind. */
export function changesOf(kind: MenuKind, value: Json | undefined): readonly Change[] {
  switch (kind) {
    case 'date':
      return DATES
    case 'number':
      // What is a text yet has to be read first, by the mark that it is written with.
      return typeof value === 'string'
        ? [plain('1,500.75 is a number', 'number'), plain('1.500,75 is a number', 'number: ","')]
        : NUMBERS
    case 'text': {
      const isText = typeof value === 'string'
      return [
        ...TEXTS,
        ...(isText && /<[a-z!/]/i.test(value) ? [plain('Without HTML', 'strip_html')] : []),
        ...(isText && /^\s*[[{]/.test(value) ? [plain('Read as JSON', 'parse_json')] : []),
      ]
    }
    case 'list':
      return listChanges(Array.isArray(value) ? value : [])
    case 'object':
    case 'boolean':
      return [plain('As JSON', 'json')]
    case 'missing':
      return [
        plain('Stop the run'),
        plain('Leave it empty', 'default: ""'),
        withText('A text instead', 'Instead', 'none', (text) => [`default: ${quoted(text)}`]),
      ]
  }
}

/** The menus that a value has beside the one of its own kind. */
export function otherKinds(kind: ValueKind | null, value: Json | undefined): readonly MenuKind[] {
  const others: readonly ValueKind[] =
    kind === 'text' ? ['number', 'date'] : kind === 'date' ? ['text'] : kind === 'number' ? ['text'] : []
  // A long text is neither.
  const fitting = typeof value === 'string' && value.length > 60 ? others.filter((one) => one === 'text') : others
  return [...fitting, 'missing']
}

/** Whether a filter stands in for what is missing. */
export const isDefault = (filter: string): boolean => /^default\b/.test(filter)

function listChanges(items: readonly Json[]): readonly Change[] {
  const [first] = items
  const fields = isJsonObject(first) ? Object.entries(first) : []
  const joined = fields
    .filter(([, value]) => typeof value !== 'object')
    .slice(0, FIELDS)
    .map(([name]) => plain(`${name}, joined`, `map: ${quoted(name)}`, 'join: ", "'))
  const added = fields
    .filter(([, value]) => typeof value === 'number')
    .slice(0, FIELDS)
    .map(([name]) => plain(`${name}, added up`, `sum: ${quoted(name)}`))
  return [
    plain('How many', 'size'),
    plain('First item', 'first'),
    plain('Last item', 'last'),
    ...(fields.length === 0
      ? [plain('Joined', 'join: ", "'), plain('Without repeats', 'uniq')]
      : [...joined, ...added]),
    ...(typeof first === 'number' ? [plain('Added up', 'sum')] : []),
    plain('As JSON', 'json'),
  ]
}
