import { expect, it } from 'vitest'
import { parseZapTexts, readZapFiles } from './read-zap-files.ts'

it('parses every file', () => {
  expect(parseZapTexts([{ file: 'a.zap.json', text: '{"name":"A"}' }])).toEqual({
    files: [{ file: 'a.zap.json', content: { name: 'A' } }],
  })
})

it('takes a list for several zaps', () => {
  expect(parseZapTexts([{ file: 'all.json', text: '[{"name":"A"},{"name":"B"}]' }])).toEqual({
    files: [
      { file: 'all.json (1)', content: { name: 'A' } },
      { file: 'all.json (2)', content: { name: 'B' } },
    ],
  })
})

it('names the file that is not JSON', () => {
  const result = parseZapTexts([{ file: 'broken.json', text: '{' }])
  expect('error' in result && result.error).toMatch(/^broken\.json is not JSON: /)
})

it('does not ask the host to import nothing', () => {
  expect(parseZapTexts([{ file: 'none.json', text: '[]' }])).toEqual({ error: 'There is no zap in it.' })
})

const ZAP = '{"name":"Köln"}'
const utf16 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(`\uFEFF${text}`, 'utf16le'))

it.each([
  ['UTF-8', new TextEncoder().encode(ZAP)],
  ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${ZAP}`)],
  ['UTF-16, as PowerShell writes it', utf16(ZAP)],
])('reads a file in %s', async (_encoding, bytes) => {
  const texts = await readZapFiles([new File([bytes], 'a.zap.json')])
  expect(parseZapTexts(texts)).toEqual({ files: [{ file: 'a.zap.json', content: { name: 'Köln' } }] })
})

it('refuses a Latin-1 file with a word that names it, and imports none of the others', async () => {
  const latin1 = Uint8Array.from(Buffer.from(ZAP, 'latin1'))
  const texts = await readZapFiles([new File([ZAP], 'good.json'), new File([latin1], 'old.json')])
  expect(parseZapTexts(texts)).toEqual({
    error: 'old.json is not UTF-8 text; it may be Latin-1 or Windows-1252: save it as UTF-8 and try again.',
  })
})

it('takes a pasted text that begins with the mark of its file', () => {
  expect(parseZapTexts([{ file: 'The pasted text', text: `\uFEFF${ZAP}` }])).toEqual({
    files: [{ file: 'The pasted text', content: { name: 'Köln' } }],
  })
})
