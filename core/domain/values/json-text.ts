import { exceedsDepth, type Json, MAX_JSON_DEPTH } from './json.ts'
import { keptNumbersNote, readJson } from './lossless-json.ts'

/** What a text is as JSON. */
export type JsonText =
  /** `note` tells of numbers that are kept as text. `isFile`: `value` stands for a file with the JSON text. */
  | { readonly kind: 'json'; readonly value: Json; readonly note: string | null; readonly isFile?: true }
  /** It nests deeper than {@link MAX_JSON_DEPTH} levels. */
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'no-json' }
  /** It could not be read within the time or the memory that one text may take. */
  | { readonly kind: 'too-heavy' }

/** Characters up to which a text is read at once: the worst of them (lists in lists) take 15 ms. */
export const SMALL_JSON = 262_144

/** Reads a text of up to {@link SMALL_JSON} characters. */
export function readSmallJson(text: string): JsonText {
  let read: ReturnType<typeof readJson>
  try {
    read = readJson(text)
  } catch {
    return { kind: 'no-json' }
  }
  const { value, kept } = read
  if (exceedsDepth(value, MAX_JSON_DEPTH)) return { kind: 'too-deep' }
  return { kind: 'json', value, note: kept === null ? null : keptNumbersNote(kept) }
}
