import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { fileWorld } from '../test-files.ts'

// The example of a purchase order of the W3C's XML Schema Primer, shortened: https://www.w3.org/TR/xmlschema-0/#po.xml (W3C Document License)
const PURCHASE_ORDER = `<?xml version="1.0"?>
<purchaseOrder orderDate="1999-10-20">
   <shipTo country="US"><name>Alice Smith</name><zip>90952</zip></shipTo>
   <comment>Hurry, my lawn is going wild!</comment>
   <items>
      <item partNum="872-AA"><productName>Lawnmower</productName><USPrice>148.95</USPrice></item>
      <item partNum="926-AA"><productName>Baby Monitor</productName><USPrice>39.98</USPrice></item>
   </items>
</purchaseOrder>`

test.each<[string, Record<string, Json>, Json]>([
  [
    'the purchase order of the W3C',
    { text: PURCHASE_ORDER },
    {
      purchaseOrder: {
        '@orderDate': '1999-10-20',
        shipTo: { '@country': 'US', name: 'Alice Smith', zip: '90952' },
        comment: 'Hurry, my lawn is going wild!',
        items: {
          item: [
            { '@partNum': '872-AA', productName: 'Lawnmower', USPrice: '148.95' },
            { '@partNum': '926-AA', productName: 'Baby Monitor', USPrice: '39.98' },
          ],
        },
      },
    },
  ],
  ['text beside attributes', { text: '<a b="1">x</a>' }, { a: { '@b': '1', '#text': 'x' } }],
  ['an element that is always a list', { text: '<a><b>1</b></a>', lists: ['b'] }, { a: { b: ['1'] } }],
  [
    'entities and characters',
    { text: '<a b="&lt;&#38;&#x1F389;">&amp;lt; &quot;ü&apos;</a>' },
    { a: { '@b': '<&🎉', '#text': '&lt; "ü\'' } },
  ],
  ['CDATA and comments', { text: '<a><!-- no --><![CDATA[<b>&amp;</b>]]></a>' }, { a: '<b>&amp;</b>' }],
  [
    'text that names the encoding that it once had',
    { text: "\ufeff<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>" },
    { a: 'é' },
  ],
  ['a root that is named as a list', { text: '<a><b/></a>', lists: ['a', 'b'] }, { a: { b: [''] } }],
  ['namespaces', { text: '<x:a xmlns:x="urn:y"><x:b/></x:a>' }, { 'x:a': { '@xmlns:x': 'urn:y', 'x:b': '' } }],
  [
    'numbers as they are written',
    { text: '<a><n>007</n><n>1.50</n><n>12345678901234567890</n></a>' },
    { a: { n: ['007', '1.50', '12345678901234567890'] } },
  ],
])('%s', async (_what, input, value) => {
  const { run } = fileWorld()
  expect((await run('xml.parse', input)).value).toEqual(value)
})

test.each([
  ['nothing', ' ', /it is empty|an empty text came/],
  ['no end', '<a><b></a>', /line 1, column \d+: /],
  ['text alone', 'hello', /line 1/],
  ['two elements', '<a/><b/>', /./],
  ['levels without end', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`, /[Nn]est/],
])('XML with %s says what is wrong', async (_what, text, message) => {
  const { failure } = fileWorld()
  const failed = await failure('xml.parse', { text })
  expect(failed.message).toMatch(message)
  expect(failed.code).toBe('bad-input')
})

test('entities that a document declares are not taken, however they are nested', async () => {
  const { run, failure } = fileWorld()
  const bomb = `<!DOCTYPE a [<!ENTITY x0 "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY x${n + 1} "&x${n};&x${n};">`).join('')}]><a>&x30;</a>`
  const outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
  for (const text of [bomb, outside]) {
    const given = await run('xml.parse', { text }).catch(() => failure('xml.parse', { text }))
    expect(JSON.stringify(given).length).toBeLessThan(300)
    expect(JSON.stringify(given)).not.toContain('root:')
  }
})

test('XML in UTF-16 and in an encoding that it names', async () => {
  const { run, put } = fileWorld()
  put('a.xml', Buffer.from('\ufeff<a>ü</a>', 'utf16le'))
  put('b.xml', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', 'latin1'))
  for (const text of ['a.xml', 'b.xml']) expect((await run('xml.parse', { text })).value).toEqual({ a: 'ü' })
})

test('fields become XML, and the XML the same fields again', async () => {
  const { run } = fileWorld()
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => `x${one.replace(/[\p{Cc}\s]/gu, '')}y`)
  const shape = fc.record({
    order: fc.record({
      '@id': text,
      sku: text,
      line: fc.array(fc.record({ name: text, '@n': text }), { minLength: 2, maxLength: 4 }),
    }),
  })
  await fc.assert(
    fc.asyncProperty(shape, async (value) => {
      const built = await run('xml.build', { value })
      expect((await run('xml.parse', { text: built.text ?? null })).value).toEqual(value)
    }),
    { numRuns: 50 },
  )
  expect((await run('xml.build', { value: { a: { '@b': 1, c: [true, null], '#text': '<&>' } } })).text).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<a b="1">/,
  )
  expect((await run('xml.build', { value: [1, 2], root: 'list' })).text).toContain('<item>1</item>')
  const mixed = await run('xml.build', { value: { x: [1, '', 2, null, 3] }, root: 'r' })
  expect((await run('xml.parse', { text: mixed.text ?? null })).value).toEqual({ r: { x: ['1', '', '2', '', '3'] } })
})

test.each<[Record<string, Json>, RegExp]>([
  [{ value: { a: 1, b: 2 } }, /one element around all/],
  [{ value: [1] }, /one element around all/],
  [{ value: { a: '\u0001' } }, /A text in "a" has a character that no XML can hold/],
  [{ value: { a: { b: [[1, 2]] } } }, /A list in "a.b" has a list in it/],
  [{ value: { 'a b': 1 } }, /"a b" is no name that XML takes/],
  [{ value: { a: { '1': 1 } } }, /"1" in "a" is no name that XML takes/],
  [{ value: { a: 1 }, root: '<x>' }, /"<x>" is no name that XML takes/],
])('%j is no XML', async (input, message) => {
  const { failure } = fileWorld()
  const failed = await failure('xml.build', input)
  expect(failed.message).toMatch(message)
  expect(failed.code).toBe('bad-input')
})
