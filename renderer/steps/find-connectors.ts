import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { distance, writings } from './words-alike.ts'

/** What is looked for by its words: a connector, or what is listed like one. */
export type Findable = Pick<ConnectorManifest, 'id' | 'title' | 'app' | 'keywords' | 'description'>

/** What a search found, best first. */
export type FoundConnectors<One extends Findable = ConnectorManifest> = {
  /** Those that a search means; all of them before anything is typed. */
  readonly connectors: readonly One[]
  /** Those that only say something about it. */
  readonly also: readonly One[]
  /** False where nothing has all the words, and `connectors` only come near them. */
  readonly isExact: boolean
  /** What works with any service: offered where nothing was found. */
  readonly always: readonly One[]
  /** The search without the mistakes in it that were forgiven; null where there were none. */
  readonly corrected: string | null
}

/** What a person has used and connected: of steps that fit a search equally well, these come first. The lower, the earlier. */
export type Preference<One extends Findable = ConnectorManifest> = (connector: One) => number

/** How many are offered when nothing fits, beside {@link ALWAYS}. */
const NEAREST = 3

/** What does nearly everything that no step of its own does. */
const ALWAYS: readonly string[] = ['http.request', 'code.run']

/** Words that need not be found where others are: a PDF is turned “to text”. */
const FILLERS: ReadonlySet<string> = new Set('a an and for from in into my of the to with'.split(' '))

/** The places that a word is looked for in. What a word costs there when it is the whole of a word, begins one, or is inside of one. */
const COSTS = {
  title: [0, 0, 3],
  app: [0, 0, 4],
  keywords: [1, 2, 6],
  id: [4, 4, 8],
  description: [5, 5, 7],
} as const
type Place = keyof typeof COSTS

/** From this on a word is only somewhere in what a step says, and not what it is called or searched by. */
const ASIDE = 5

/** What a mistake in typing costs, beside what the word costs. */
const MISTAKE = 10

/**
 * The connectors that have every word of a search, in any order: word starts before middles, the title and the app before the words that it is
 * searched by and these before the description. Where there is none, those with the nearest words, typing mistakes forgiven, so that no
 * search ends in nothing.
 */
export function findConnectors<One extends Findable>(
  connectors: readonly One[],
  search: string,
  preference: Preference<One> = () => 0,
  alwaysOffered: readonly string[] = ALWAYS,
): FoundConnectors<One> {
  const none = { also: [], always: [], corrected: null }
  const all = wordsOf(search)
  if (all.length === 0) return { ...none, connectors, isExact: true }
  const telling = all.filter((word) => !FILLERS.has(word))
  const words = (telling.length === 0 ? all : telling).map(writings)
  const ranked = (cost: (places: Places) => number): readonly Ranked<One>[] =>
    connectors
      .map((connector) => {
        const places = placesOf(connector)
        return { connector, places, cost: cost(places) + wholeCost(places, all.join(' ')) }
      })
      .filter((one) => Number.isFinite(one.cost))
      .toSorted((a, b) => a.cost - b.cost || preference(a.connector) - preference(b.connector))

  const exact = ranked((places) => sum(words.map((word) => costOf(word, places))))
  if (exact.length > 0) return { ...none, ...withAside(exact, words), isExact: true }
  const mistyped = ranked((places) => sum(words.map((word) => Math.min(costOf(word, places), typoCost(word, places)))))
  const [best] = mistyped
  if (best !== undefined) {
    const corrected = words.map((word) => meantBy(word, best.places)).join(' ')
    return { ...none, connectors: mistyped.map(({ connector }) => connector), isExact: true, corrected }
  }
  const near = ranked((places) => partlyCost(words, places))
    .map(({ connector }) => connector)
    .filter(({ id }) => !alwaysOffered.includes(id))
    .slice(0, NEAREST)
  const always = connectors.filter(({ id }) => alwaysOffered.includes(id))
  return { ...none, connectors: near, isExact: false, always }
}

/** The parts of a title that a search has found in it, as places in it that do not overlap. */
export function marksIn(title: string, search: string): readonly (readonly [start: number, end: number])[] {
  const words = wordsOf(search)
    .filter((word, _, all) => !FILLERS.has(word) || all.every((one) => FILLERS.has(one)))
    .map(writings)
  return [...title.matchAll(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu)].flatMap((found) => {
    const text = found[0].toLowerCase()
    const length = Math.max(0, ...words.map((word) => markedLength(word, text)))
    return length === 0 ? [] : [[found.index, found.index + length] as const]
  })
}

/** The words of a text, in lower case. */
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

/** A word as it was typed, before other ways to say it. */
type Word = readonly [string, ...string[]]
type Places = Readonly<Record<Place, readonly string[]>> & { readonly phrases: readonly string[] }
type Ranked<One> = { readonly connector: One; readonly places: Places; readonly cost: number }

/** The words of each connector; a list of hundreds is searched with every letter that is typed. */
const known = new WeakMap<Findable, Places>()

function placesOf(connector: Findable): Places {
  const before = known.get(connector)
  if (before !== undefined) return before
  const { title, app = '', keywords, id, description } = connector
  const places = {
    title: wordsOf(title),
    app: wordsOf(app),
    keywords: wordsOf(keywords.join(' ')),
    id: wordsOf(id),
    description: wordsOf(description),
    phrases: keywords.map((keyword) => wordsOf(keyword).join(' ')),
  }
  known.set(connector, places)
  return places
}

/** What is about a search itself, and what only mentions a word of it; all of it is about it where nothing is more. */
function withAside<One extends Findable>(
  found: readonly Ranked<One>[],
  words: readonly Word[],
): Pick<FoundConnectors<One>, 'connectors' | 'also'> {
  const isAside = ({ places }: Ranked<One>): boolean => words.some((word) => costOf(word, places) >= ASIDE)
  const [aside, about] = [found.filter(isAside), found.filter((one) => !isAside(one))]
  const plain = (some: readonly Ranked<One>[]) => some.map(({ connector }) => connector)
  return about.length === 0 ? { connectors: plain(aside), also: [] } : { connectors: plain(about), also: plain(aside) }
}

/** What a word costs at the best place that has it; infinite where none has. */
function costOf(word: Word, places: Places): number {
  const costs = Object.entries(COSTS).map(([place, [whole, start, middle]]) => {
    // The keys of COSTS are its places.
    const texts = places[place as Place]
    if (word.some((one) => texts.includes(one))) return whole
    if (word.some((one) => texts.some((text) => text.startsWith(one)))) return start
    return texts.some((text) => text.includes(word[0])) ? middle : Number.POSITIVE_INFINITY
  })
  return Math.min(...costs)
}

/** What the whole search is worth when a title, or one of the words that a step is searched by, is just that. */
function wholeCost({ title, phrases }: Places, search: string): number {
  const whole = title.join(' ')
  if (whole === search) return -3
  if (whole.startsWith(search)) return -0.5
  return phrases.includes(search) ? -1 : 0
}

/** What a word costs where a title, an app or a keyword is nearly it, or begins nearly so. */
function typoCost([word]: Word, { title, app, keywords }: Places): number {
  const cost = (texts: readonly string[], base: number): number =>
    Math.min(...texts.map((text) => base + mistakesIn(word, text) * MISTAKE), Number.POSITIVE_INFINITY)
  return Math.min(cost(title, 0), cost(app, 0), cost(keywords, 1))
}

/** How many mistakes make a word of a text, or of its beginning; infinite where they are more than are forgiven: one from four letters on, two from eight. */
function mistakesIn(word: string, text: string): number {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2
  const mistakes = Math.min(distance(word, text), distance(word, text.slice(0, word.length)) + 0.5)
  return mistakes > most + 0.5 ? Number.POSITIVE_INFINITY : mistakes
}

/** The word of a connector that was meant, where one was mistyped. */
function meantBy(word: Word, places: Places): string {
  if (Number.isFinite(costOf(word, places))) return word[0]
  const texts = [...places.title, ...places.app, ...places.keywords]
  const [nearest] = texts.toSorted((a, b) => mistakesIn(word[0], a) - mistakesIn(word[0], b))
  return nearest ?? word[0]
}

/** What a search costs of which only some words are found; the further off, the dearer. The name of an app weighs most. */
function partlyCost(words: readonly Word[], places: Places): number {
  const furthest = 100
  return sum(
    words.map((word) => {
      if (places.app.includes(word[0])) return -furthest / 2
      const found = Math.min(costOf(word, places), typoCost(word, places))
      if (Number.isFinite(found)) return found
      const near = [...places.title, ...places.keywords].map(
        (text) => distance(word[0], text) / Math.max(word[0].length, text.length),
      )
      return furthest * (1 + Math.min(1, ...near))
    }),
  )
}

/** How many letters of a word of a title are marked for a word of the search; all of it where that was mistyped. */
function markedLength(word: Word, text: string): number {
  const [typed] = word
  const start = word.find((one) => text.startsWith(one))
  if (start !== undefined) return start === typed ? start.length : text.length
  if (text.includes('-') && word.includes(text.replaceAll('-', ''))) return text.length
  return mistakesIn(typed, text) <= 2 ? text.length : 0
}
