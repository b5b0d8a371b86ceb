import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StepError } from '../runs/step-error.ts'
import { isJsonObject, type Json } from '../values/json.ts'
import { beginRendering, isDynamicText, parseTemplate, renderValue, templateRoots } from './template.ts'

const scope = {
  hook: {
    body: { amount: 50_001, name: 'Ada', items: [{ sku: 'a' }, { sku: 'b' }], none: null, 'odd key': 1, size: 'XL' },
    headers: { 'content-type': 'application/json' },
  },
  'my-step': { ok: true },
  env: { HOME: '/home/ada' },
  now: '2026-11-24T09:00:00.000Z',
}

function render(text: string, within: Record<string, unknown> = { ...scope }): Json {
  return parseTemplate(text).render(within)
}

function failure(run: () => unknown): { code: string; message: string } {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(StepError)
    return StepError.from(error)
  }
  throw new Error('nothing was thrown')
}

describe('a text that is one expression', () => {
  it.each<[string, Json]>([
    ['{{ hook.body.amount }}', 50_001],
    ['{{hook.body.amount}}', 50_001],
    [' \n{{- hook.body.amount -}}\t', 50_001],
    ['{{ hook.body.items }}', [{ sku: 'a' }, { sku: 'b' }]],
    ['{{ hook.body.items[1].sku }}', 'b'],
    ['{{ hook.body.items[-1].sku }}', 'b'],
    ['{{ hook.body.items.first.sku }}', 'a'],
    ['{{ hook.body.items.last.sku }}', 'b'],
    ['{{ hook.body.items.size }}', 2],
    ['{{ hook.body.size }}', 'XL'],
    ['{{ hook.body.name.size }}', 3],
    ['{{ hook.body["odd key"] }}', 1],
    ["{{ hook['headers']['content-type'] }}", 'application/json'],
    ['{{ hook.headers.content-type }}', 'application/json'],
    ['{{ my-step.ok }}', true],
    ['{{ hook.body.none }}', null],
    ['{{ hook.body.amount | plus: 1 }}', 50_002],
    ['{{ hook.body.items | map: "sku" }}', ['a', 'b']],
    ['{{ hook.body.items | map: "nope" }}', [null, null]],
    ['{{ hook.body.amount > 5 }}', true],
    ['{{ not hook.body.amount }}', false],
    ['{{ "text" }}', 'text'],
    ['{{ (1..3) }}', [1, 2, 3]],
    ['{{ now | date: "%Y-%m", "UTC" }}', '2026-11'],
    ['{{ hook.body.amount | raw }}', 50_001],
  ])('%s keeps its type', (text, expected) => {
    expect(render(text)).toEqual(expected)
  })
})

describe('any other text', () => {
  it.each([
    ['Hello {{ hook.body.name }}!', 'Hello Ada!'],
    ['{{ hook.body.amount }}{{ hook.body.amount }}', '5000150001'],
    ['x: {{ hook.body.items }}', 'x: [{"sku":"a"},{"sku":"b"}]'],
    ['x: {{ hook.body.items | raw }}', 'x: [{"sku":"a"},{"sku":"b"}]'],
    ['x: {{ hook.body.none }}', 'x: '],
    ['{% for i in hook.body.items %}{{ i.sku }},{% endfor %}', 'a,b,'],
    ['{% assign n = hook.body.name | upcase %}{{ n }}', 'ADA'],
    ['{% capture c %}{{ hook.body.items }}{% endcapture %}{{ c }}', '[{"sku":"a"},{"sku":"b"}]'],
    ['{% if hook.body.absent %}yes{% else %}no{% endif %}', 'no'],
    ['{% raw %}{{ stays }}{% endraw %}', '{{ stays }}'],
    ['{% liquid echo hook.body.items %}', '[{"sku":"a"},{"sku":"b"}]'],
  ])('%s becomes text', (text, expected) => {
    expect(render(text)).toBe(expected)
  })

  it('without template marks is returned as it is', () => {
    const template = parseTemplate('50 % { off } }}')
    expect(template.isDynamic).toBe(false)
    expect(template.render({})).toBe('50 % { off } }}')
    expect(isDynamicText('{% comment %}')).toBe(true)
  })

  it('is never evaluated again', () => {
    const sly = { hook: { body: '{{ env.HOME }}' }, env: scope.env }
    expect(render('{{ hook.body }}', sly)).toBe('{{ env.HOME }}')
    expect(render('{{ hook.body }} ', sly)).toBe('{{ env.HOME }}')
    expect(render('> {{ hook.body }}', sly)).toBe('> {{ env.HOME }}')
  })
})

describe('a missing path', () => {
  it.each([
    ['{{ hook.body.amont }}', '"hook.body.amont" is missing: "hook.body" has no "amont".'],
    ['{{ hook.body.amont.value }}', '"hook.body.amont.value" is missing: "hook.body" has no "amont".'],
    ['{{ hok.body }}', '"hok.body" is missing: nothing here is called "hok".'],
    ['{{ hook.body.none.x }}', '"hook.body.none.x" is missing: "hook.body.none" has no "x".'],
    ['{{ hook.body.items[7].sku }}', '"hook.body.items[7].sku" is missing: "hook.body.items" has no "7".'],
    ['{{ hook.body["a b"] }}', '"hook.body["a b"]" is missing: "hook.body" has no "a b".'],
    ['{{ hook.body.amont | plus: 1 }}', '"hook.body.amont" is missing: "hook.body" has no "amont".'],
    ['so {{ hook.body.none.x }}', '"hook.body.none.x" is missing: "hook.body.none" has no "x".'],
    ['{{ hook.constructor }}', '"hook.constructor" is missing: "hook" has no "constructor".'],
    ['{{ hook.body.items.constructor }}', '"hook.body.items.constructor" is missing:'],
    ['{{ hook["__proto__"] }}', '"hook.__proto__" is missing:'],
    ['{{ constructor }}', '"constructor" is missing:'],
    ['{{ toString }}!', '"toString" is missing:'],
  ])('%s is an error that names it', (text, message) => {
    const error = failure(() => render(text))
    expect(error.code).toBe('template')
    expect(error.message).toContain(message)
  })

  it.each<[string, Json]>([
    ['{{ hook.body.amont | default: 7 }}', 7],
    ['{{ nothing.at.all | default: "x" }}', 'x'],
    ['{{ hook.body.nick | upcase | default: "x" }}', 'x'],
    ['a {{ hook.body.nick | strip | default: "x" }}', 'a x'],
    ['{% if true %}{{ hook.body.nick | strip | default: "x" }}{% endif %}', 'x'],
    ['{{ hook.body.none.x | default: 1 }}', 1],
  ])('%s may be absent', (text, expected) => {
    expect(render(text)).toEqual(expected)
  })
})

describe('a template that cannot be read', () => {
  it.each([
    '{{ hook.body',
    '{{ }}',
    '{{ a b }}',
    '{% if a %}x',
    '{% nope %}',
    '{% include "x" %}',
    '{% render "x" %}',
    '{% increment n %}',
    '{{ a | nope }}',
    '{{ a | where_exp: "i", "env" }}',
  ])('%s is refused when parsed', (text) => {
    expect(failure(() => parseTemplate(text)).code).toBe('template-syntax')
  })
})

describe('limits', () => {
  it('a template of a million characters is refused', () => {
    expect(failure(() => parseTemplate(`{{ ${'x'.repeat(1_000_000)} }}`)).code).toBe('template-syntax')
  })

  it.each([
    '{% for i in (1..9999) %}{% for j in (1..9999) %}{{ hook.body }}{% endfor %}{% endfor %}',
    '{{ (1..999999999) }}',
    '{{ (1..6000000) | size }}',
    '{{ 1 | divided_by: 0 }}',
    '{% for i in (1..100000) %}{% for j in (1..100000) %}{% assign x = j %}{% endfor %}{% endfor %}',
  ])('%s ends with an error', (text) => {
    expect(failure(() => render(text)).code).toBe('template')
  })

  it('many templates take together no longer than one may', () => {
    const text = '{% for i in (1..2000) %}{% for j in (1..400) %}{% endfor %}{% endfor %}'
    const own = { ...scope }
    expect(failure(() => renderValue(Array(60).fill(text), own)).code).toBe('template')
    expect(failure(() => render('{{ 1 | plus: 1 }}', own)).code).toBe('template')
    beginRendering(own)
    expect(render('{{ 1 | plus: 1 }}', own)).toBe(2)
  })
})

describe('roots', () => {
  it.each([
    ['{{ hook.body.a }}', ['hook']],
    ['{{ hook[env.key].a }}', ['hook', 'env']],
    ['{{ hook.a | plus: step.b }}', ['hook', 'step']],
    ['{% assign x = hook.a %}{{ x }}', ['hook']],
    ['{% for i in hook.items %}{{ i.a }}{{ forloop.index }}{{ other }}{% endfor %}', ['hook', 'other']],
    ['{{ "text" }}', []],
    ['plain', []],
  ])('of %s', (text, roots) => {
    expect(parseTemplate(text).roots).toEqual(roots)
  })

  it('are listed for every template inside a value', () => {
    expect(templateRoots({ a: ['x', '{{ hook.b }}'], c: { d: '{{ oops' }, e: 1 })).toEqual([
      { path: ['a', 1], text: '{{ hook.b }}', roots: ['hook'] },
      { path: ['c', 'd'], text: '{{ oops', roots: [], error: expect.stringContaining('not closed') },
    ])
  })
})

describe('renderValue', () => {
  it('renders deeply and returns what is static uncopied', () => {
    const fixed = { deep: ['text', 1, null] }
    const value = { url: 'http://x/{{ hook.body.name }}', body: '{{ hook.body.items }}', '{{ key }}': true, fixed }
    const rendered = renderValue(value, scope)
    expect(rendered).toEqual({
      url: 'http://x/Ada',
      body: scope.hook.body.items,
      '{{ key }}': true,
      fixed,
    })
    expect(renderValue(fixed, scope)).toBe(fixed)
  })

  it('keeps a member called __proto__ a mere member', () => {
    const value = JSON.parse('{"__proto__":{"sly":"{{ hook.body.name }}"},"a":"{{ now }}"}')
    const rendered = renderValue(value, scope)
    expect(JSON.stringify(rendered)).toBe('{"__proto__":{"sly":"Ada"},"a":"2026-11-24T09:00:00.000Z"}')
    expect(Object.getPrototypeOf(rendered)).toBe(Object.prototype)
  })

  it('makes missing expressions undefined where asked', () => {
    const forgiving = { missing: 'undefined' } as const
    expect(renderValue('{{ hook.body.nope }}', scope, forgiving)).toBeUndefined()
    expect(renderValue('{{ hook.body.nope | upcase }}', scope, forgiving)).toBeUndefined()
    expect(renderValue({ a: '{{ nope }}', b: ['{{ nope }}'], c: 1 }, scope, forgiving)).toEqual({ b: [null], c: 1 })
    expect(failure(() => renderValue('x {{ hook.body.nope }}', scope, forgiving)).code).toBe('template')
    expect(failure(() => renderValue('{{ 1 | divided_by: 0 }}', scope, forgiving)).code).toBe('template')
  })

  it('refuses a value that nests too deeply', () => {
    let deep: Json = '{{ now }}'
    for (let level = 0; level < 300; level++) deep = [deep]
    expect(failure(() => renderValue(deep, scope)).code).toBe('template')
    expect(templateRoots(deep)).toEqual([])
  })
})

const fragment = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    ' ',
    'hook',
    '.',
    'body',
    'amount',
    '|',
    'default',
    ':',
    '"',
    "'",
    '[',
    ']',
    '0',
    '-1',
    '..',
  ],
  ...[
    'for i in',
    'endfor',
    'if',
    'endif',
    'assign x =',
    '(',
    ')',
    ',',
    'json',
    'date',
    'sort',
    'constructor',
    'x',
    '\n',
  ],
)

describe('properties', () => {
  it('templates throw nothing but StepErrors, and leave the scope alone', () => {
    const before = JSON.stringify(scope)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fragment, { maxLength: 25 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            const value = render(text)
            expect(JSON.parse(JSON.stringify(value))).toEqual(value)
          } catch (error) {
            expect(error).toBeInstanceOf(StepError)
          }
        },
      ),
      { numRuns: 3_000 },
    )
    expect(JSON.stringify(scope)).toBe(before)
  })

  it('a plain path alone gives what LiquidJS gives it inside an expression', () => {
    const word = fc.constantFrom('a', 'b', 'size', 'first', 'last', 'length', 'constructor', 'toString')
    const key = fc.oneof(
      word.map((name) => `.${name}`),
      word.map((name) => `["${name}"]`),
      fc.integer({ min: -3, max: 3 }).map((index) => `[${index}]`),
    )
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, 1, 'text', '', true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'size', 'first'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value
    const outcome = (text: string, value: Json): Json => {
      try {
        return { value: render(text, { a: value }) }
      } catch (error) {
        return { error: StepError.from(error).message }
      }
    }
    fc.assert(
      fc.property(json, fc.array(key, { maxLength: 4 }), (value, keys) => {
        const path = `a${keys.join('')}`
        const found = outcome(`{{ ${path} }}`, value)
        expect(found).toEqual(outcome(`{{ ${path} | raw }}`, value))
        const forgiven = renderValue(`{{ ${path} }}`, { a: value }, { missing: 'undefined' })
        expect(forgiven).toEqual(isJsonObject(found) ? found.value : undefined)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('parse_json', () => {
  const render = (text: string, value: Json): Json => parseTemplate(text).render({ hook: { body: value } })

  it('reads a text that is JSON, and hands on what is a value already', () => {
    expect(render('{{ hook.body | parse_json }}', '{"a":[1,"x"]}')).toEqual({ a: [1, 'x'] })
    expect(
      render('{% assign order = hook.body | parse_json %}{{ order.lines.first.sku }}', '{"lines":[{"sku":"A1"}]}'),
    ).toBe('A1')
    expect(render('{{ hook.body | parse_json }}', { a: 1 })).toEqual({ a: 1 })
    expect(render('{{ hook.body | parse_json }}', ' 7 ')).toBe(7)
    expect(render('{{ hook.body | parse_json }}', '{"id":9007199254740993}')).toEqual({ id: '9007199254740993' })
  })

  it.each([
    ['not JSON', /parse_json takes a JSON text, and "not JSON" is not one/],
    ['', /parse_json takes a JSON text, and there is none/],
    ['['.repeat(100_000), /parse_json takes a JSON text, and "\[\[.*…" is not one/],
    ['['.repeat(201) + ']'.repeat(201), /200 levels/],
    [`"${'x'.repeat(300_000)}"`, /262,144 characters at most/],
  ])('says what is wrong with %.20j', (text, message) => {
    expect(() => render('{{ hook.body | parse_json }}', text)).toThrow(message)
    expect(() => render('{{ hook.body | parse_json }}', text)).toThrow(StepError)
  })
})
