import { MissingPathError, parseTemplate, type TemplateScope } from '../../../core/domain/templates/template.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { childrenOf } from '../../ui/json/json-tree.ts'
import { templateParts, templatePath } from './template-text.ts'

/** A path that is not there, where it stands in the text, and the nearest one that is. */
export type PathFix = {
  readonly missing: string
  readonly instead: string
  readonly start: number
  readonly end: number
}

/** How many paths of the examples are compared; beyond them a guess would come too late. */
const MAX_COMPARED = 3_000
const MAX_DEPTH = 8

/** The first path of a text that the examples do not have, with the one that was probably meant; null where nothing is near. */
export function nearestPath(text: string, scope: TemplateScope, words: ReadonlySet<string>): PathFix | null {
  for (const part of templateParts(text)) {
    if (part.expression === null) continue
    const wrong = missingIn(part.text, scope, words)
    if (wrong === null) continue
    const missing = templatePath(wrong)
    const at = part.text.indexOf(missing)
    const instead = at === -1 ? null : nearestTo(wrong, scope, words)
    if (instead !== null) return { missing, instead, start: part.start + at, end: part.start + at + missing.length }
  }
  return null
}

type Keys = readonly (string | number)[]

function missingIn(text: string, scope: TemplateScope, words: ReadonlySet<string>): Keys | null {
  try {
    const template = parseTemplate(text)
    const stranger = template.roots.find((root) => !words.has(root))
    if (stranger !== undefined) return wholePath(text, stranger)
    if (template.roots.every((root) => Object.hasOwn(scope, root))) template.render({ ...scope })
  } catch (error) {
    if (error instanceof MissingPathError) return error.keys.map((key) => (typeof key === 'number' ? key : String(key)))
  }
  return null
}

/** The plain path that begins with a word, as far as it is written with dots. */
function wholePath(text: string, root: string): Keys {
  const at = text.indexOf(root)
  return /^[\w.-]+/.exec(text.slice(at))?.[0].split('.').filter(Boolean) ?? [root]
}

function nearestTo(wrong: Keys, scope: TemplateScope, words: ReadonlySet<string>): string | null {
  let best: { path: string; cost: number } | null = null
  for (const keys of everyPath(scope, words)) {
    const cost = costOf(wrong, keys)
    if (cost !== null && (best === null || cost < best.cost)) best = { path: templatePath(keys), cost }
  }
  return best?.path ?? null
}

function everyPath(scope: TemplateScope, words: ReadonlySet<string>): readonly Keys[] {
  const paths: Keys[] = []
  let level: (readonly [Keys, Json])[] = Object.entries(scope)
    .filter(([root]) => words.has(root))
    // A scope is made of examples, which are JSON.
    .map(([root, value]) => [[root], value as Json])
  for (let depth = 0; depth < MAX_DEPTH && paths.length < MAX_COMPARED; depth++) {
    const next: typeof level = []
    for (const [keys, value] of level) {
      paths.push(keys)
      for (const [key, child] of childrenOf(value) ?? []) {
        if (next.length < MAX_COMPARED) next.push([[...keys, key], child])
      }
    }
    level = next
  }
  return paths
}

/**
 * How far a path is from the one that was meant: mistyped keys cost their distance, keys that were left out or are too many cost
 * one each. Null when they have too little in common: the last keys must be alike.
 */
function costOf(wrong: Keys, right: Keys): number | null {
  const last = keyCost(wrong.at(-1) ?? '', right.at(-1) ?? '')
  if (last === null) return null
  let cost = last + Math.abs(wrong.length - right.length)
  if (cost > 2 + last) return null
  const before = right.slice(0, -1)
  for (const key of wrong.slice(0, -1)) {
    const costs = before.map((other) => keyCost(key, other)).filter((one) => one !== null)
    cost += costs.length === 0 ? 2 : Math.min(...costs)
  }
  return cost > 4 ? null : cost
}

function keyCost(a: string | number, b: string | number): number | null {
  const [one, other] = [String(a).toLowerCase(), String(b).toLowerCase()]
  if (one === other) return String(a) === String(b) ? 0 : 0.5
  // `order_id` for `orderId`.
  if (one.replace(/[_-]/g, '') === other.replace(/[_-]/g, '')) return 0.5
  const distance = editDistance(one, other)
  return distance <= Math.max(1, Math.floor(Math.min(one.length, other.length) / 3)) ? distance : null
}

/** Letters to change, add, or take away to make one word of another. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
