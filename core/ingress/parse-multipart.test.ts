import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLargeValue } from '../domain/values/large-value.ts'
import { bodyReader, keptFiles } from './test-bodies.ts'

/** The bytes of a form as a browser sends it, and its content type. */
async function sent(form: FormData): Promise<[Uint8Array, string]> {
  const response = new Response(form)
  return [new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type') ?? '']
}

test('a form with files: fields as text, files with name, type, size and their very bytes', async () => {
  const form = new FormData()
  form.append('title', 'Grüße ✓')
  form.append('tag', 'a')
  form.append('tag', 'b')
  form.append('__proto__', 'a field like any other')
  form.append('photo', new File([Uint8Array.of(0xff, 0xd8, 0, 13, 10, 45, 45)], 'möwe.jpg', { type: 'image/jpeg' }))
  const kept = keptFiles()
  const { body, note } = await bodyReader(kept).parse(...(await sent(form)))
  expect(note).toBeNull()
  expect(body).toMatchObject({
    title: 'Grüße ✓',
    tag: ['a', 'b'],
    photo: { filename: 'möwe.jpg', contentType: 'image/jpeg', bytes: 7, content: { type: 'bytes', bytes: 7 } },
  })
  expect(Object.keys(body ?? {})).toContain('__proto__')
  expect(kept.files).toEqual([Uint8Array.of(0xff, 0xd8, 0, 13, 10, 45, 45)])
})

test('whatever bytes a file has, they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (content) => {
      const form = new FormData()
      form.append('file', new File([content], 'x.bin'))
      const kept = keptFiles()
      await bodyReader(kept).parse(...(await sent(form)))
      expect(kept.files).toEqual([content])
    }),
    { numRuns: 50 },
  )
})

test('what is cut off, has no boundary or too many parts is kept as one file, with a note', async () => {
  const form = new FormData()
  form.append('a', 'x'.repeat(100))
  const [whole, type] = await sent(form)
  const many = new FormData()
  for (let n = 0; n < 1_200; n++) many.append('n', '1')
  for (const [raw, contentType] of [
    [whole.subarray(0, 90), type],
    [whole, 'multipart/form-data'],
    await sent(many),
  ] as const) {
    const kept = keptFiles()
    const { body, note } = await bodyReader(kept).parse(raw, contentType)
    expect(note).toMatch(/could not be read/)
    expect(isLargeValue(body)).toBe(true)
    expect(kept.files).toEqual([raw])
  }
})

test('fields that hold JSON are that value, and what is only in brackets is text', async () => {
  const form = new FormData()
  form.append('envelope', '{"to":["ada@example.com"]}')
  form.append('text', '[hello]')
  form.append('n', '1')
  const { body, note } = await bodyReader().parse(...(await sent(form)))
  expect(body).toEqual({ envelope: { to: ['ada@example.com'] }, text: '[hello]', n: '1' })
  expect(note).toBeNull()
})

test('of a form with 100,000 parts no more are read than may be', async () => {
  const part = '--x\r\ncontent-disposition: form-data; name="f"\r\n\r\na\r\n'
  const time = async (count: number): Promise<number> => {
    const started = performance.now()
    const { note } = await bodyReader().parse(
      Buffer.from(`${part.repeat(count)}--x--`),
      'multipart/form-data; boundary=x',
    )
    expect(note).toContain('too many parts')
    return performance.now() - started
  }
  const small = Math.min(await time(2_000), await time(2_000), await time(2_000))
  expect(Math.min(await time(100_000), await time(100_000))).toBeLessThan(15 * Math.max(small, 10))
})
