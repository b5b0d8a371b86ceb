import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'

/** Where a value sits inside a step's input: `['headers', 'accept']`, `['all', 0, 'left']`. */
export type InputPath = readonly (string | number)[]

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(value: Json | undefined, path: InputPath): Json | undefined {
  let here: Json | undefined = value
  for (const key of path) {
    if (Array.isArray(here) && typeof key === 'number') here = here[key]
    else if (isJsonObject(here) && Object.hasOwn(here, key)) here = here[key]
    else return undefined
  }
  return here
}

/**
 * A copy with the value at a path replaced, or removed where it is undefined. Missing objects and lists on the way are made;
 * everything beside the way keeps its identity, so that only what changed is drawn again.
 */
export function withValueAt(value: Json | undefined, path: InputPath, next: Json | undefined): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (typeof key === 'number') {
    const list: readonly Json[] = Array.isArray(value) ? value : []
    const item = withValueAt(list[key], rest, next)
    return item === undefined ? list.filter((_, index) => index !== key) : replaceItem(list, key, item)
  }
  const object = isJsonObject(value) ? value : {}
  const member = withValueAt(Object.hasOwn(object, key) ? object[key] : undefined, rest, next)
  if (member !== undefined) return { ...object, [key]: member }
  const { [key]: _removed, ...others } = object
  return others
}

// An index past the end appends, as a list in JSON has no holes.
function replaceItem(list: readonly Json[], index: number, item: Json): readonly Json[] {
  return index < list.length ? list.with(index, item) : [...list, item]
}

/** The path of a problem's `field` (`input.all.0.left`), or null where the field lies outside the input. */
export function pathOfField(field: string | null): InputPath | null {
  if (field === null || !(field === 'input' || field.startsWith('input.'))) return null
  return field
    .split('.')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** A path as problems write it. */
export function fieldOfPath(path: InputPath): string {
  return ['input', ...path].join('.')
}
