import { once } from 'node:events'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { gatherBytes } from './gather-bytes.ts'

const stream = (sizes: readonly number[]): Readable =>
  Readable.from(sizes.map((size, index) => Buffer.alloc(size, index + 1)))

test('whatever pieces a stream comes in, its bytes are there in order, unless they are too many', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 3_000_000 }),
      async (sizes, maxBytes) => {
        const whole = Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)))
        const gathered = await gatherBytes(stream(sizes), maxBytes)
        if (whole.length > maxBytes) expect(gathered).toBeUndefined()
        else expect(whole.equals(gathered ?? Buffer.from('too many'))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

test.each([undefined, new Error('reset')])(
  'a stream that is cut off is not taken for a short one (%s)',
  async (error) => {
    const cut = new Readable({ read: () => undefined })
    const gathered = gatherBytes(cut, 100)
    cut.push(Buffer.from('half'))
    cut.destroy(error)
    await expect(gathered).rejects.toThrow(error?.message ?? 'Premature close')
  },
)

test('a stream that was over before is no reason to wait', async () => {
  const gone = new Readable({ read: () => undefined })
  const isGone = once(gone, 'close')
  gone.once('error', () => undefined)
  gone.destroy(new Error('gone'))
  await isGone.catch(() => undefined)
  await expect(gatherBytes(gone, 100)).rejects.toThrow('gone')
})

test('bytes for which there is no memory are an error of their own stream', async () => {
  const none = vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation(() => {
    throw new RangeError('Array buffer allocation failed')
  })
  const gathered = gatherBytes(stream([1_000_000, 1_000_000]), 3_000_000)
  await expect(gathered).rejects.toThrow('allocation failed')
  none.mockRestore()
})

test('50 MB are never copied in one go', async () => {
  const copied = vi.spyOn(Uint8Array.prototype, 'set')
  const concatenated = vi.spyOn(Buffer, 'concat')
  const gathered = await gatherBytes(stream(Array.from({ length: 800 }, () => 65_536)), 67_108_864)
  const largest = Math.max(...copied.mock.calls.map(([piece]) => piece.length))
  const joined = Math.max(...concatenated.mock.results.map((result) => Buffer.from(result.value).length))
  vi.restoreAllMocks()
  expect(gathered?.length).toBe(52_428_800)
  expect(largest).toBeLessThanOrEqual(1_048_576)
  expect(joined).toBeLessThanOrEqual(1_048_576)
})
