import type { Json } from '../../domain/values/json.ts'

/** Reads the JSON of a list item by item, however its bytes are cut into pieces: so a list of any length takes little memory. */
export type ItemReader = {
  /** Whether what came so far is the beginning of a list; undefined while only white space came. */
  isList(): boolean | undefined
  /** The items that are whole with this piece. */
  take(piece: Uint8Array): readonly Json[]
  /** Throws where the list is not closed. */
  end(): void
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
] as const
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

/** `parse` reads the JSON text of a list of a few items. */
export function createItemReader(parse: (text: string) => Json = JSON.parse): ItemReader {
  /** What came since the last item that was whole. */
  let waiting: Uint8Array[] = []
  let depth = 0
  let isQuoted = false
  let isEscaped = false
  let isList: boolean | undefined

  function itemsOf(bytes: Uint8Array): readonly Json[] {
    const text = Buffer.concat([...waiting, bytes]).toString('utf8')
    waiting = []
    const items = parse(`[${text}]`)
    return Array.isArray(items) ? items : []
  }

  return {
    isList: () => isList,
    take(piece) {
      let from = 0
      let at = 0
      if (isList === false) return []
      if (isList === undefined) {
        while (at < piece.length && isSpace(piece[at] ?? 0)) at++
        if (at === piece.length) return []
        isList = piece[at] === OPEN_LIST
        if (!isList) return []
        at++
        from = at
        depth = 1
      }
      /** Behind the last item that is whole. */
      let end = -1
      for (; at < piece.length && depth > 0; at++) {
        const code = piece[at]
        if (isQuoted) {
          if (isEscaped) isEscaped = false
          else if (code === BACKSLASH) isEscaped = true
          else if (code === QUOTE) isQuoted = false
        } else if (code === QUOTE) isQuoted = true
        else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++
        else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
          depth--
          if (depth === 0) end = at
        } else if (code === COMMA && depth === 1) end = at
      }
      const items = end < from ? [] : itemsOf(piece.subarray(from, end))
      const next = end < from ? from : end + 1
      if (depth > 0 && next < piece.length) waiting.push(piece.slice(next))
      return items
    },
    end() {
      if (isList !== true || depth > 0) throw new SyntaxError('the JSON of a list ends too early')
    },
  }
}

/**
 * The items of a list whose JSON comes in pieces, some at a time. Other JSON is read whole: `refuse` then throws for it.
 */
export async function* readItems(
  content: AsyncIterable<Uint8Array>,
  refuse: (value: Json) => never,
  parse: (text: string) => Json = JSON.parse,
): AsyncIterable<readonly Json[]> {
  const reader = createItemReader(parse)
  const whole: Uint8Array[] = []
  for await (const piece of content) {
    const items = reader.take(piece)
    if (reader.isList() !== true) whole.push(piece)
    if (items.length > 0) yield items
  }
  if (reader.isList() !== true) refuse(parse(Buffer.concat(whole).toString('utf8')))
  reader.end()
}
