import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'

/** Hops from one reference to the next. */
const MOST_HOPS = 30

/** A value of a document, and its whole address in it: the file, `#`, and where it is there. */
export type Found = { readonly value: Json; readonly ref: string; readonly file: string }

/** The documents of a description: one, or those of a folder, by their paths in it. */
export type Documents = { readonly main: string; readonly files: ReadonlyMap<string, Json> }

/**
 * Follows a reference (RFC 6901 behind `#`) that stands in `file`. Null for what is not there, for what leads out of the documents or in a circle, and for
 * an address: nothing is read or fetched. Own members alone are seen.
 */
export function follow({ files }: Documents, file: string, ref: string): Found | null {
  let at = { file, ref }
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const place = placeOf(at.file, at.ref)
    if (place === null) return null
    const document = files.get(place.file)
    const value = document === undefined ? undefined : valueAt(document, place.pointer)
    if (value === undefined) return null
    const next = refIn(value)
    if (next === null) return { value, ref: `${place.file}#${place.pointer}`, file: place.file }
    at = { file: place.file, ref: next }
  }
  return null
}

/** The reference that a value is, or null. */
export function refIn(value: Json): string | null {
  return isJsonObject(value) && Object.hasOwn(value, '$ref') && typeof value.$ref === 'string' ? value.$ref : null
}

/** Whether a reference leads to an address of the network. */
export const isAddress = (ref: string): boolean => /^[a-z][a-z0-9+.-]*:|^\/\//i.test(ref)

/** What a value at a place is, if it is an object; follows a reference. */
export function objectAt(
  documents: Documents,
  file: string,
  value: Json | undefined,
): { object: JsonObject; file: string } | null {
  if (value === undefined) return null
  const ref = refIn(value)
  const found = ref === null ? { value, file } : follow(documents, file, ref)
  return found !== null && isJsonObject(found.value) ? { object: found.value, file: found.file } : null
}

function placeOf(file: string, ref: string): { file: string; pointer: string } | null {
  if (isAddress(ref)) return null
  const hash = ref.indexOf('#')
  const path = hash < 0 ? ref : ref.slice(0, hash)
  const pointer = hash < 0 ? '' : ref.slice(hash + 1)
  if (path === '') return { file, pointer }
  const parts = file.split('/').slice(0, -1)
  for (const part of decoded(path).split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '' && part !== '.' && part !== '..') parts.push(part)
  }
  return { file: parts.join('/'), pointer }
}

function valueAt(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document
  for (const part of pointer.split('/').slice(1)) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (value === undefined || value === null || typeof value !== 'object') return undefined
    if (isJsonList(value)) value = value[Number(key)]
    else value = Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
