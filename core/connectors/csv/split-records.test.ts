import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRecordSplitter } from './split-records.ts'

/** What the library makes of it, as `csv.parse` asks it. */
function byLibrary(text: string, delimiter = ','): string[][] | 'refused' {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    })
  } catch {
    return 'refused'
  }
}

/** The records of a text that comes in pieces, and what is left for the library. */
function split(pieces: readonly string[], delimiter = ','): { records: string[][]; left: string | undefined } {
  const splitter = createRecordSplitter(delimiter)
  if (splitter === undefined) throw new Error(`nothing is split at ${delimiter}`)
  const records: string[][] = []
  for (const [at, piece] of pieces.entries()) {
    const left = splitter.take(piece, (record) => records.push(record))
    if (left !== undefined) return { records, left: left + pieces.slice(at + 1).join('') }
  }
  return { records, left: splitter.end((record) => records.push(record)) }
}

describe('text of CSV that is split', () => {
  it('has the records that the library finds, wherever it is cut', () => {
    const text = fc.array(
      fc.constantFrom('a', 'bc', ' ', ',', ',', ';', '"', '"', '""', '\n', '\r\n', '\r', 'é', '\u{1f600}'),
    )
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (parts) => {
        const pieces = parts.map((part) => part.join(''))
        const { records, left } = split(pieces)
        const rest = left === undefined ? [] : byLibrary(left)
        expect(rest === 'refused' ? rest : [...records, ...rest]).toEqual(byLibrary(pieces.join('')))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is split to its end where it is written by the rules', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('', 'a, b', 'says "no"', 'two\nlines', '\r\n'))
    const written = (given: string): string => (/[",\r\n]/.test(given) ? `"${given.replaceAll('"', '""')}"` : given)
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 5 }), fc.nat(), (rows, cut) => {
        const text = rows.map((row) => row.map(written).join(',')).join('\r\n')
        const at = cut % (text.length + 1)
        expect(split([text.slice(0, at), text.slice(at)])).toEqual({ records: rows, left: undefined })
      }),
    )
  })

  it('is left to the library from the first record that is not by the rules', () => {
    expect(split(['a,b\n1,"x" y\n2,3\n'])).toEqual({ records: [['a', 'b']], left: '1,"x" y\n2,3\n' })
    expect(split(['a,b\n1,x "y"\n'])).toEqual({ records: [['a', 'b']], left: '1,x "y"\n' })
    expect(split(['a\n', '"never closed', ', and so on'])).toEqual({
      records: [['a']],
      left: '"never closed, and so on',
    })
  })

  it('is left to the library when a quote is not closed for long', () => {
    const long = 'x'.repeat(600_000)
    const { records, left } = split(['a\n"', long, long, long])
    expect(records).toEqual([['a']])
    expect(left).toHaveLength(1 + 3 * long.length)
  })

  it.each(['', '::', '"', '\n', '\r'])('is not split at %j', (delimiter) => {
    expect(createRecordSplitter(delimiter)).toBeUndefined()
  })

  it.each([';', '\t', '|', 'é'])('is split at %j as by the library', (delimiter) => {
    const text = `a${delimiter}b\n"1${delimiter}2"${delimiter}\n`
    expect(split([text], delimiter)).toEqual({ records: byLibrary(text, delimiter), left: undefined })
  })
})
