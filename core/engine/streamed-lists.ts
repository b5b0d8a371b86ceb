import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Lists, MadeList } from '../connectors/action-context.ts'
import { createItemReader } from '../connectors/kit/json-items.ts'
import { itemsOf } from '../connectors/kit/rows.ts'
import { isJsonList, type Json } from '../domain/values/json.ts'
import { holdsLarge, isLargeValue, LAZY_BYTES, type LargeValue, reference } from '../domain/values/large-value.ts'
import { fromStored, isMarked, toStored } from '../domain/values/stored-json.ts'

/** Bytes that are read, and characters that are written, in one go. */
const PIECE = 262_144
/** Characters of items that a computation may hold before it puts them aside: as objects they take some times as much. */
const ROOM = 8_388_608

/** The lists of one computation of the thread: files of the folder of large values, read and written piece by piece. */
export type StreamedLists = {
  readonly lists: Lists
  /** Whether a large value is a list. */
  isList(value: LargeValue): boolean
  /** The file, in the folder, of a list that was made here. */
  partOf(value: LargeValue): string | undefined
  /** Takes away what was put aside and, where the computation failed, what was made. */
  close(isFailed: boolean): void
}

/**
 * `partName` names a new file; `whole` puts in place what items refer to; `alive` is called again and again while it reads and writes, as that is all
 * that a computation of a long list does for long.
 */
export function createStreamedLists(
  folder: string,
  partName: () => string,
  whole: (value: Json) => Json,
  alive: () => void,
): StreamedLists {
  const parts = new Map<LargeValue, string>()
  const aside: string[] = []
  const made: string[] = []
  const open = new Set<number>()

  function opened(path: string, flags: 'r' | 'wx'): number {
    const file = openSync(path, flags, 0o600)
    open.add(file)
    return file
  }

  function closed(file: number): void {
    if (open.delete(file)) closeSync(file)
  }

  function* itemsIn(path: string, parse: (text: string) => Json, check?: (hash: Hash) => void): Iterable<Json> {
    const file = opened(path, 'r')
    try {
      const hash = check === undefined ? undefined : createHash('sha256')
      const reader = createItemReader(parse)
      for (;;) {
        const buffer = Buffer.allocUnsafe(PIECE)
        const length = readSync(file, buffer)
        if (length === 0) break
        const piece = buffer.subarray(0, length)
        hash?.update(piece)
        alive()
        yield* reader.take(piece)
      }
      if (hash !== undefined) check?.(hash)
      reader.end()
    } finally {
      closed(file)
    }
  }

  function* read(value: LargeValue): Iterable<Json> {
    const isOurs = value.type === 'value'
    const items = itemsIn(join(folder, value.$blob), isOurs ? fromStored : JSON.parse, (hash) => {
      if (hash.digest('hex') !== value.$blob) throw new Error(`blobs/${value.$blob} is not what was kept`)
    })
    if (!isOurs) yield* items
    else for (const item of items) yield holdsLarge(item) ? whole(item) : item
  }

  /** A file that is written piece by piece. */
  function writer(list: string[]): { readonly name: string; write(text: string): void; end(): LargeValue } {
    const name = partName()
    list.push(name)
    const file = opened(join(folder, name), 'wx')
    const hash = createHash('sha256')
    let bytes = 0
    let type: 'json' | 'value' = 'json'
    return {
      name,
      write(text) {
        const content = Buffer.from(text, 'utf8')
        hash.update(content)
        for (let at = 0; at < content.length; ) at += writeSync(file, content, at)
        bytes += content.length
        if (isMarked(text)) type = 'value'
        alive()
      },
      end() {
        if (list === made) fsyncSync(file)
        closed(file)
        return reference({ $blob: hash.digest('hex'), bytes, type })
      },
    }
  }

  function make(): MadeList {
    /** What is held as long as it is little, and the text of what is not written yet. */
    let held: Json[] | undefined = []
    let text = ''
    let count = 0
    let file: ReturnType<typeof writer> | undefined

    function spill(): void {
      held = undefined
      file ??= writer(made)
      file.write(text)
      text = ''
    }
    function add(json: string): void {
      text += json
      if (text.length > (file === undefined ? LAZY_BYTES : PIECE)) spill()
    }
    return {
      push(item) {
        add(`${count === 0 ? '[' : ','}${toStored(item)}`)
        held?.push(item)
        count++
      },
      pushLong(row, name, items) {
        spill()
        let before = `${count === 0 ? '[' : ','}{`
        for (const [key, member] of Object.entries(row)) {
          add(`${before}${JSON.stringify(key)}:`)
          before = ','
          if (key !== name) {
            add(toStored(member))
            continue
          }
          let comma = '['
          for (const item of items) {
            add(`${comma}${toStored(item)}`)
            comma = ','
          }
          add(comma === '[' ? '[]' : ']')
        }
        add('}')
        count++
      },
      get count() {
        return count
      },
      done() {
        if (held !== undefined) return held
        add(count === 0 ? '[]' : ']')
        spill()
        if (file === undefined) return []
        const value = file.end()
        parts.set(value, file.name)
        return value
      },
    }
  }

  return {
    lists: {
      read: (list) => (isLargeValue(list) ? read(list) : itemsOf(list)),
      make,
      room: ROOM,
      aside(items) {
        const file = writer(aside)
        let text = ''
        let comma = '['
        for (const item of items) {
          text += `${comma}${toStored(item)}`
          comma = ','
          if (text.length < PIECE) continue
          file.write(text)
          text = ''
        }
        file.write(comma === '[' ? '[]' : `${text}]`)
        file.end()
        // Nothing but this thread has touched it.
        return itemsIn(join(folder, file.name), fromStored)
      },
    },
    isList(value) {
      if (value.type === 'bytes' || value.type === 'text') return false
      const file = openSync(join(folder, value.$blob), 'r')
      try {
        const buffer = Buffer.allocUnsafe(PIECE)
        const reader = createItemReader(() => [])
        for (;;) {
          const length = readSync(file, buffer)
          if (length > 0) reader.take(buffer.subarray(0, length))
          const known = reader.isList()
          if (known !== undefined || length === 0) return known ?? false
        }
      } finally {
        closeSync(file)
      }
    },
    partOf: (value) => parts.get(value),
    close(isFailed) {
      for (const file of open) closed(file)
      for (const name of isFailed ? [...aside, ...made] : aside) rmSync(join(folder, name), { force: true })
    },
  }
}

/** An input in which lists that a computation streams stand as references, and everything else is in place. `streams` as the action has it. */
export function wholeButFor(
  input: Json,
  streams: readonly string[],
  isStreamed: (value: Json) => boolean,
  whole: (value: Json) => Json,
): Json {
  if (typeof input !== 'object' || input === null || isJsonList(input)) return whole(input)
  const members = Object.entries(input).map(([name, member]): [string, Json] => {
    if (streams.includes(name)) return [name, isStreamed(member) ? member : whole(member)]
    if (!streams.includes(`${name}[]`) || !isJsonList(member)) return [name, whole(member)]
    return [name, member.map((item) => (isStreamed(item) ? item : whole(item)))]
  })
  return Object.fromEntries(members)
}
