import { isJsonList, type Json } from '../domain/values/json.ts'
import { isLargeValue } from '../domain/values/large-value.ts'
import { storedKey, toStored } from '../domain/values/stored-json.ts'

/** Levels that are written member by member; below them a value is written in one go. */
const LEVELS = 3

/** The stored text of a value in pieces, as `toStored` would write it: a list of ten thousand results is never one long call. */
export function* jsonChunks(value: Json, levels = LEVELS): Generator<string, undefined> {
  if (typeof value !== 'object' || value === null || levels === 0 || isLargeValue(value)) {
    yield toStored(value)
    return
  }
  const isList = isJsonList(value)
  yield isList ? '[' : '{'
  let isFirst = true
  for (const [key, item] of isList ? value.entries() : Object.entries(value)) {
    const comma = isFirst ? '' : ','
    yield isList ? comma : `${comma}${JSON.stringify(storedKey(String(key)))}:`
    isFirst = false
    yield* jsonChunks(item, levels - 1)
  }
  yield isList ? ']' : '}'
}

/** Characters of a piece of {@link gathered}. */
const PIECE = 65_536

/** The same text in fewer, larger pieces. */
export function* gathered(chunks: Iterable<string>): Generator<string, undefined> {
  let piece = ''
  for (const chunk of chunks) {
    piece += chunk
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
