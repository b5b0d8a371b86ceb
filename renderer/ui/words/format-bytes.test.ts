import { expect, it } from 'vitest'
import { formatBytes } from './format-bytes.ts'

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1400, '1.4 KB'],
  [250_000, '250 KB'],
  [3_210_000_000, '3.2 GB'],
])('says %d as %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})
