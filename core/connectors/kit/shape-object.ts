import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'
import { type Path, valueAt } from './path.ts'

/** The keys of a path in a value: one, where a field is called just as the path is written. */
function keysIn(value: Json, { text, keys }: Path): readonly string[] {
  return isJsonObject(value) && Object.hasOwn(value, text) ? [text] : keys
}

/** A copy of an object with nothing but what is at these paths, in the objects around it. Paths that lead nowhere add nothing. */
export function keepAt(value: Json, paths: readonly Path[]): JsonObject {
  const kept: Tree = new Map()
  for (const path of paths) {
    const found = valueAt(value, path)
    if (found !== undefined) put(kept, keysIn(value, path), found)
  }
  return objectOf(kept)
}

type Tree = Map<string, Json | Tree>

function put(tree: Tree, [key, ...rest]: readonly string[], value: Json): void {
  if (key === undefined) return
  if (rest.length === 0) {
    tree.set(key, value)
    return
  }
  const known = tree.get(key)
  // What is kept as a whole has its parts in it already.
  if (known !== undefined && !(known instanceof Map)) return
  const inner: Tree = known ?? new Map()
  tree.set(key, inner)
  put(inner, rest, value)
}

function objectOf(tree: Tree): JsonObject {
  return Object.fromEntries([...tree].map(([key, value]) => [key, value instanceof Map ? objectOf(value) : value]))
}

/** A copy without what is at these paths. All of them mean the value as it came: of `lines[0]` and `lines[1]` the first two items go. */
export function dropAt(value: Json, paths: readonly Path[]): Json {
  return changed(
    value,
    changesOf(
      value,
      paths.map((path) => [path, { isDropped: true }] as const),
    ),
  )
}

/**
 * A copy in which the fields at these paths have other names, at their old places. All of them are renamed at once, so that two may change their names. Paths that
 * lead nowhere change nothing.
 *
 * @throws StepError `bad-input` where two fields would have one name, and for an item of a list, which has none.
 */
export function renameAt(value: Json, names: readonly (readonly [Path, string])[]): Json {
  return changed(
    value,
    changesOf(
      value,
      names.map(([path, name]) => [path, { name, written: path.text }] as const),
    ),
  )
}

/** What becomes of a member: it goes, or it gets a name. */
type Change = { readonly isDropped: true } | { readonly name: string; readonly written: string }
type Changes = Map<string, Place>
type Place = { change?: Change; readonly inner: Changes }

function changesOf(value: Json, wanted: readonly (readonly [Path, Change])[]): Changes {
  const all: Changes = new Map()
  for (const [path, change] of wanted) {
    let level = all
    for (const [index, key] of keysIn(value, path).entries()) {
      const known: Place = level.get(key) ?? { inner: new Map() }
      level.set(key, known)
      if (index === keysIn(value, path).length - 1) known.change = change
      level = known.inner
    }
  }
  return all
}

/** A copy with the members of it changed; the same value where no path leads anywhere. */
function changed(value: Json, changes: Changes): Json {
  if (changes.size === 0) return value
  if (isJsonList(value)) {
    return value.flatMap((item, index) => {
      const one = changes.get(String(index))
      if (one?.change === undefined) return [one === undefined ? item : changed(item, one.inner)]
      if ('isDropped' in one.change) return []
      throw refusal(`“${one.change.written}” is an item of a list, which has no name that could be another.`)
    })
  }
  if (!isJsonObject(value)) return value
  const members = new Map<string, { readonly from: string; readonly member: Json; readonly isRenamed: boolean }>()
  for (const [key, member] of Object.entries(value)) {
    const one = changes.get(key)
    const change = one?.change
    if (change !== undefined && 'isDropped' in change) continue
    const name = change?.name ?? key
    const other = members.get(name)
    if (other !== undefined) throw clash(other, { from: key, isRenamed: change !== undefined }, name)
    const inside = one === undefined ? member : changed(member, one.inner)
    members.set(name, { from: key, member: inside, isRenamed: change !== undefined })
  }
  return Object.fromEntries([...members].map(([name, { member }]) => [name, member]))
}

type Named = { readonly from: string; readonly isRenamed: boolean }

function clash(one: Named, other: Named, name: string): StepError {
  if (one.isRenamed && other.isRenamed) {
    return refusal(
      `“${one.from}” and “${other.from}” would both be called “${name}”: choose another name for one of them.`,
    )
  }
  const renamed = one.isRenamed ? one : other
  return refusal(
    `“${renamed.from}” cannot be called “${name}”, as there is a field “${name}” already: choose another name, or drop or rename “${name}”, too.`,
  )
}

function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}
