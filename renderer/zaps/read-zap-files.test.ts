import { expect, it } from 'vitest'
import { parseZapTexts } from './read-zap-files.ts'

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
