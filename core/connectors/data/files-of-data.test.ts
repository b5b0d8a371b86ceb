import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'

test('bytes go from Base64 to a file, through a hash, and back to Base64', async () => {
  const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7) % 256))
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'file',
        uses: 'data.decode',
        input: { value: 'data:image/png;base64,{{ go.photo }}', as: 'base64', filename: 'photo.png' },
      },
      { id: 'hash', uses: 'crypto.hash', input: { data: '{{ file.file }}', algorithm: 'sha1', encoding: 'base64url' } },
      { id: 'again', uses: 'data.encode', input: { value: '{{ file.file }}', as: 'base64' } },
      { id: 'keep', uses: 'data.set', input: { fields: { size: '{{ file.file.bytes }}' }, keep: '{{ file.file }}' } },
    ],
    edges: [
      { from: 'go', to: 'file' },
      { from: 'file', to: 'hash' },
      { from: 'hash', to: 'again' },
      { from: 'again', to: 'keep' },
    ],
  })
  const { run, steps } = await runToEnd(client, id, { photo: bytes.toString('base64') })
  expect(run.reason).toBeNull()
  const outputOf = (step: string) => steps.find((one) => one.step === step)?.output
  expect(outputOf('file')).toMatchObject({
    text: '',
    file: { filename: 'photo.png', contentType: 'image/png', bytes: 3_000 },
  })
  expect(outputOf('hash')).toEqual({ text: createHash('sha1').update(bytes).digest('base64url') })
  expect(outputOf('again')).toEqual({ text: bytes.toString('base64') })
  expect(outputOf('keep')).toMatchObject({ filename: 'photo.png', size: 3_000 })
})

test('files in a list are still files behind the steps that work on lists', async () => {
  const { client } = await testApp()
  const chain = ['go', 'one', 'two', 'pdf', 'sorted', 'text']
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'one', uses: 'data.decode', input: { value: 'b25l', as: 'base64', filename: 'one.txt' } },
      { id: 'two', uses: 'data.decode', input: { value: 'dHdv', as: 'base64', filename: 'two.pdf' } },
      {
        id: 'pdf',
        uses: 'list.filter',
        input: {
          items: ['{{ one.file }}', '{{ two.file }}'],
          all: [{ left: '{{ item.filename }}', op: 'ends-with', right: '.pdf' }],
        },
      },
      { id: 'sorted', uses: 'list.sort', input: { items: '{{ pdf.items }}', by: [{ path: 'filename' }] } },
      { id: 'text', uses: 'data.encode', input: { value: '{{ sorted.items[0] }}', as: 'base64' } },
    ],
    edges: chain.slice(1).map((to, at) => ({ from: chain[at] ?? '', to })),
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.reason).toBeNull()
  const outputOf = (step: string) => steps.find((one) => one.step === step)?.output
  expect(outputOf('sorted')).toMatchObject({ items: [{ filename: 'two.pdf', content: { type: 'bytes', bytes: 3 } }] })
  expect(outputOf('text')).toEqual({ text: 'dHdv' })
})
