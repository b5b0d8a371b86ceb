import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'

/** What a search found, best first. `isExact` is false for what only comes near it, when nothing has all of its words. */
export type FoundConnectors = { readonly connectors: readonly ConnectorManifest[]; readonly isExact: boolean }

/** How many are offered when nothing fits, beside {@link ALWAYS}. */
const NEAREST = 3

/** What does nearly everything that no step of its own does. */
const ALWAYS: readonly string[] = ['http.request', 'code.run']

/** Words that need not be found where others are: a PDF is turned “to text”. */
const FILLERS: ReadonlySet<string> = new Set([
  'a',
  'an',
  'and',
  'for',
  'from',
  'in',
  'into',
  'my',
  'of',
  'the',
  'to',
  'with',
])

/** The places that a word is looked for in. What a word costs there when it is the whole of a word, begins one, or is inside of one. */
const COSTS = { title: [0, 0, 3], keywords: [1, 2, 6], id: [4, 4, 8], description: [5, 5, 7] } as const
type Place = keyof typeof COSTS

/** What a mistake in typing costs, beside what the word costs. */
const MISTAKE = 10

/**
 * The connectors that have every word of a search, in any order: word starts before middles, the title before the words that it is searched by
 * and these before the description. Where there is none, those with the nearest words, typing mistakes forgiven, so that no search ends in nothing.
 */
export function findConnectors(connectors: readonly ConnectorManifest[], search: string): FoundConnectors {
  const all = wordsOf(search)
  if (all.length === 0) return { connectors, isExact: true }
  const telling = all.filter((word) => !FILLERS.has(word))
  const words = telling.length === 0 ? all : telling
  const texts = connectors.map((connector) => ({ connector, places: placesOf(connector) }))
  const ranked = (cost: (places: Places) => number): readonly ConnectorManifest[] =>
    texts
      .map(({ connector, places }) => ({ connector, cost: cost(places) + wholeCost(connector, all.join(' ')) }))
      .filter((one) => Number.isFinite(one.cost))
      .toSorted((a, b) => a.cost - b.cost)
      .map(({ connector }) => connector)
  const exact = ranked((places) => sum(words.map((word) => costOf(word, places))))
  if (exact.length > 0) return { connectors: exact, isExact: true }
  const mistyped = ranked((places) => sum(words.map((word) => Math.min(costOf(word, places), typoCost(word, places)))))
  if (mistyped.length > 0) return { connectors: mistyped, isExact: true }
  const near = ranked((places) => partlyCost(words, places)).slice(0, NEAREST)
  const always = connectors.filter(({ id }) => ALWAYS.includes(id) && !near.some((one) => one.id === id))
  return { connectors: [...near, ...always], isExact: false }
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

type Places = Readonly<Record<Place, readonly string[]>>

function placesOf({ title, keywords, id, description }: ConnectorManifest): Places {
  return {
    title: wordsOf(title),
    keywords: wordsOf(keywords.join(' ')),
    id: wordsOf(id),
    description: wordsOf(description),
  }
}

/** What a word costs at the best place that has it; infinite where none has. */
function costOf(word: string, places: Places): number {
  const costs = Object.entries(COSTS).map(([place, [whole, start, middle]]) => {
    // The keys of COSTS are its places.
    const texts = places[place as Place]
    if (texts.includes(word)) return whole
    if (texts.some((text) => text.startsWith(word))) return start
    return texts.some((text) => text.includes(word)) ? middle : Number.POSITIVE_INFINITY
  })
  return Math.min(...costs)
}

/** What the whole search is worth when a title, or one of the words that a step is searched by, is just that. */
function wholeCost({ title, keywords }: ConnectorManifest, search: string): number {
  const whole = wordsOf(title).join(' ')
  if (whole === search) return -3
  if (whole.startsWith(search)) return -0.5
  return keywords.some((keyword) => wordsOf(keyword).join(' ') === search) ? -1 : 0
}

/** What a word costs where a title or keyword is nearly it, or begins nearly so. */
function typoCost(word: string, { title, keywords }: Places): number {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2
  const cost = (texts: readonly string[], base: number): number =>
    Math.min(
      ...texts.map((text) => {
        const mistakes = Math.min(distance(word, text), distance(word, text.slice(0, word.length)) + 0.5)
        return mistakes > most + 0.5 ? Number.POSITIVE_INFINITY : base + mistakes * MISTAKE
      }),
      Number.POSITIVE_INFINITY,
    )
  return Math.min(cost(title, 0), cost(keywords, 1))
}

/** What a search costs of which only some words are found; the further off, the dearer. */
function partlyCost(words: readonly string[], places: Places): number {
  const furthest = 100
  return sum(
    words.map((word) => {
      const known = Math.min(costOf(word, places), typoCost(word, places))
      if (Number.isFinite(known)) return known
      const near = [...places.title, ...places.keywords].map(
        (text) => distance(word, text) / Math.max(word.length, text.length),
      )
      return furthest * (1 + Math.min(1, ...near))
    }),
  )
}

/** Letters to add, drop, replace or swap with their neighbour to make one word of the other (Damerau and Levenshtein's count). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row[j] = least
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
