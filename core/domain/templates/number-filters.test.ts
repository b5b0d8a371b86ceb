import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTemplate } from './template.ts'

const scope = {
  hook: {
    amount: '1,500.00',
    comma: '3,5',
    plain: '3.5',
    none: null,
    empty: '',
    yes: true,
    large: '9007199254740993',
    endless: '1e400',
    lines: [{ price: 10 }, { price: '2.5' }, {}, { price: null }],
    written: [{ price: 10 }, { price: '2,5' }],
  },
}
const render = (template: string) => parseTemplate(template).render(scope)

describe('a filter that calculates', () => {
  it.each([
    ['{{ hook.plain | times: 2 }}', 7],
    ['{{ " 2e3 " | plus: "1" }}', 2001],
    ['{{ hook.none | default: 0 | plus: 1 }}', 1],
    ['{{ hook.lines | sum: "price" }}', 12.5],
    ['{{ "1|2" | split: "|" | sum }}', 3],
    ['{{ 1.005 | round: 2 }}', 1.01],
    ['{{ -2.5 | round }}', -3],
    ['{{ 7 | divided_by: 2 }}', 3.5],
    ['{{ 7 | divided_by: 2, true }}', 3],
    ['{{ -7 | modulo: 4 }}', 1],
    ['{{ "4" | at_least: 5 }}', 5],
    ['{{ "7" | to_integer }}', 7],
  ])('%s is %j', (template, value) => {
    expect(render(template)).toBe(value)
    expect(render(`${template}!`)).toBe(`${value}!`)
  })

  it.each([
    'abs',
    'ceil',
    'floor',
    'round',
    'plus: 1',
    'minus: 1',
    'times: 1',
    'divided_by: 1',
    'modulo: 2',
    'at_least: 1',
    'at_most: 1',
    'sum',
    'to_integer',
  ])('%s names what is no number, on either side', (filter) => {
    expect(() => render(`{{ hook.comma | ${filter} }}`)).toThrow('“3,5” is not a plain number')
    expect(() => render(`{{ hook.yes | ${filter} }}`)).toThrow('true is not a number')
    expect(() => render(`{{ hook.empty | ${filter} }} x`)).toThrow('An empty text is not a number')
    expect(() => render(`{{ hook.large | ${filter} }}`)).toThrow('9007199254740993 has more digits than')
    expect(() => render(`{{ "Infinity" | ${filter} }}`)).toThrow('“Infinity” is not a number')
    if (filter !== 'sum') expect(() => render(`{{ hook.none | ${filter} }}`)).toThrow('There is no number (null)')
    const [name, argument] = filter.split(':')
    if (argument !== undefined)
      expect(() => render(`{{ 1 | ${name}: hook.comma }}`)).toThrow('“3,5” is not a plain number')
  })

  it.each([
    ['{{ hook.written | sum: "price" }}', '“2,5” is not a plain number'],
    ['{{ 1 | divided_by: 0 }} x', 'division by zero'],
    ['{{ 1 | modulo: 0 }}', 'division by zero'],
    ['{{ "1e308" | times: 10 }} x', 'larger than any number'],
    ['{{ hook.endless | plus: 1 }}', '1e400 has more digits'],
    ['{% if hook.amount > 1000 %}yes{% endif %}', '“1,500.00” is not a plain number'],
    ['{% if 5 < hook.comma %}yes{% endif %}', '“3,5” is not a plain number'],
  ])('%s: %s', (template, reason) => {
    expect(() => render(template)).toThrow(reason)
  })

  it.each([
    ['{% if "10" > "9" %}yes{% endif %}', 'yes'],
    ['{% if hook.large > 9007199254740992 %}yes{% endif %}', 'yes'],
    ['{% if hook.none > 5 or hook.none <= 5 %}yes{% else %}no{% endif %}', 'no'],
    ['{% if "2026-11-24" > "2026-11-23" %}yes{% endif %}', 'yes'],
  ])('%s compares as conditions do', (template, text) => {
    expect(render(template)).toBe(text)
  })
})

describe('number', () => {
  it.each([
    ['1,500.00', '.', 1500],
    ['1.500,00', ',', 1500],
    ['3,5', ',', 3.5],
    ['1 500,5', ',', 1500.5],
    ['1\u202f500,5 €', ',', 1500.5],
    ["1'500.5", '.', 1500.5],
    ['-$1,234', '.', -1234],
    ['€ −3,50', ',', -3.5],
    ['12', ',', 12],
  ])('%s with the mark %s is %d', (text, mark, value) => {
    expect(parseTemplate(`{{ t | number: "${mark}" }}`).render({ t: text })).toBe(value)
  })

  it.each(['1,5,0.0.0', 'twelve', '', '1-2', '12 kg', '-', '1e5x'])('%j is refused', (text) => {
    expect(() => parseTemplate('{{ t | number }}').render({ t: text })).toThrow('is not a')
  })
})

describe('a number that is written as an example', () => {
  it.each([
    ['1,500.75', '2,499.50'],
    ['1.500,75', '2.499,50'],
    ['1500.75', '2499.50'],
    ['1500,7', '2499,5'],
    ['1,500', '2,500'],
    ['1500', '2500'],
    ['1 500,75 €', '2 499,50 €'],
    ["CHF 1'500.00", "CHF 2'499.50"],
    ['€1,500.75', '€2,499.50'],
    ['0.000', '2499.500'],
    ['1.234.567,8', '2.499,5'],
  ])('as %s', (example, written) => {
    expect(parseTemplate('{{ v | format_number: e }}').render({ v: 2499.5, e: example })).toBe(written)
    expect(parseTemplate('{{ v | format_number: e }}').render({ v: '-2499.5', e: example })).toBe(`-${written}`)
  })

  it.each(['', 'abc', '1.2.3', '1,2,3', '1.500.75', '1,50,000.2', '1  5', '9'.repeat(80)])(
    '%j is no example, and says so',
    (example) => {
      expect(() => parseTemplate('{{ 1 | format_number: e }}').render({ e: example })).toThrow(/no example of a number/)
    },
  )

  it('nothing is rounded to minus nothing, and what is too large says so', () => {
    expect(parseTemplate('{{ -0.001 | format_number: "0.00" }}').render({})).toBe('0.00')
    expect(() => parseTemplate('{{ v | format_number: "1,500" }}').render({ v: 1e22 })).toThrow(/too large/)
  })

  it('is read back by `number` as what it was, whatever the marks', () => {
    const example = fc.constantFrom(['1,500.75', '.'], ['1.500,75', ','], ['1500.75', '.'], ['1.500,75 €', ','])
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), example, (cents, [like, mark]) => {
        const template = parseTemplate('{{ v | format_number: e | number: m }}')
        expect(template.render({ v: cents / 100, e: like, m: mark })).toBe(cents / 100)
      }),
    )
  })
})
