import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../values/json.ts'
import { asJsonTemplate, isJsonText } from './json-template.ts'
import { parseTemplate } from './template.ts'

const scope = {
  hook: {
    name: 'Ada "Countess" \\ Lovelace\n{{ hook.n }}',
    n: 42,
    yes: true,
    none: null,
    list: [1, 'two'],
    object: { a: '"' },
    large: '9007199254740993',
  },
}

function render(text: string): Json {
  return parseTemplate(asJsonTemplate(text) ?? text).render(scope)
}

describe('a text that is JSON with pills in it', () => {
  it.each([
    ['{"name": "{{ hook.name }}"}', { name: scope.hook.name }],
    ['{"name": {{ hook.name }}}', { name: scope.hook.name }],
    ['{"text": "Hello {{ hook.name }}, {{ hook.n }}!"}', { text: `Hello ${scope.hook.name}, 42!` }],
    ['{"n": {{ hook.n }}, "yes": {{hook.yes}}, "none": {{ hook.none }}}', { n: 42, yes: true, none: null }],
    ['{"n": "{{ hook.n }}", "none": "{{ hook.none }}"}', { n: '42', none: '' }],
    ['[{{ hook.list }}, {{ hook.object }}, "{{ hook.list }}"]', [[1, 'two'], { a: '"' }, '[1,"two"]']],
    ['{"{{ hook.name }}": 1}', { [scope.hook.name]: 1 }],
    ['{"a":{"b":{{ hook.n }}}}', { a: { b: 42 } }],
    ['{"a": {{ hook.name | upcase }}}', { a: scope.hook.name.toUpperCase() }],
    ['{"a": {{ hook.name | json }}}', { a: scope.hook.name }],
    ['{"a": "{{ hook.object | json }}"}', { a: '{"a":"\\""}' }],
    ['{"a": {{ hook.gone | default: "}}" }}}', { a: '}}' }],
    [`{"a": "{{ hook.gone | default: '"' }}"}`, { a: '"' }],
    ['{"a": {{- hook.n -}} }', { a: 42 }],
    ['{"say \\"{{ hook.n }}\\"": 1}', { 'say "42"': 1 }],
    ['{"n": {{ hook.n | plus: 1 }}}', { n: 43 }],
    ['{"n": {{ hook.large }}}', { n: '9007199254740993' }],
  ])('%s stays JSON', (text, value) => {
    const rendered = render(text)
    expect(JSON.parse(String(rendered))).toEqual(value)
  })

  it('keeps everything else letter for letter', () => {
    expect(render('{ "id": 9007199254740993,\n  "price": 1.50, "n": {{ hook.n }} }')).toBe(
      '{ "id": 9007199254740993,\n  "price": 1.50, "n": 42 }',
    )
  })

  it.each([
    'Hello {{ hook.name }}',
    '{{ hook.object }}',
    ' {{ hook.object }}',
    '{"a": 1}',
    '{"a": {{ hook.n }}',
    '{"a": {{ hook.n }',
    '{a: {{ hook.n }}}',
    '{ {{ hook.name }}: 1 }',
    '{% if true %}{"a": {{ hook.n }}}{% endif %}',
    '{"a": [{% for i in hook.list %}{{ i }}{% endfor %}]}',
    '[{{ hook.n }}] and more',
    '[x]({{ hook.n }})',
  ])('%s is a text like any other', (text) => {
    expect(asJsonTemplate(text)).toBeNull()
  })

  it('names what is missing as ever', () => {
    expect(() => render('{"a": "{{ hook.gone }}"}')).toThrow('"hook.gone" is missing')
  })

  it('holds for every value, in a string and outside', () => {
    const value = fc.jsonValue({ noUnicodeString: false }).map((json) => JSON.parse(JSON.stringify(json)) as Json)
    fc.assert(
      fc.property(fc.string(), value, (before, v) => {
        const key = JSON.stringify(before.replaceAll('{', ''))
        const template = asJsonTemplate(`{${key}: [{{ v }}, "{{ v }}", ${key}]}`)
        const read: unknown = JSON.parse(String(parseTemplate(template ?? '').render({ v })))
        const text = v === null ? '' : typeof v === 'string' ? v : typeof v === 'object' ? JSON.stringify(v) : String(v)
        expect(read).toEqual({ [before.replaceAll('{', '')]: [v, text, before.replaceAll('{', '')] })
      }),
    )
  })

  it.each([
    '{{'.repeat(400_000),
    `{${'"{{ a }}",'.repeat(90_000)}`,
    `["${'{{ "'.repeat(200_000)}`,
    `[${'\\'.repeat(900_000)}`,
  ])('looks at a hostile text once (%#)', (text) => {
    expect(asJsonTemplate(text)).toBeNull()
  })
})

it.each<[string, boolean]>([
  ['{"a":1}', true],
  [' [1] ', true],
  ['1', false],
  ['"a"', false],
  ['{a}', false],
  ['', false],
])('isJsonText(%j) is %s', (text, expected) => {
  expect(isJsonText(text)).toBe(expected)
})
