import { describe, expect, it } from 'vitest'
import { codeOptions } from './code-completion.ts'

const scope = {
  input: { order: { id: 'A', lines: [{ sku: 'S', price: 9 }], customer: { name: 'Ada' } }, rate: 0.19 },
  item: { sku: 'S' },
}

/** What is offered where `|` stands. */
const offered = (code: string): readonly string[] => {
  const caret = code.indexOf('|')
  return (codeOptions(code.replace('|', ''), caret, scope)?.options ?? []).map(({ label }) => label)
}

describe('the completion of code', () => {
  it.each([
    ['input.|', ['order', 'rate']],
    ['return input.or|', ['order', 'rate']],
    ['input.order.|', ['id', 'lines', 'customer']],
    ['input?.order?.customer.|', ['name']],
    ['input.order.lines[0].|', ['sku', 'price']],
    ['item.|', ['sku']],
    ['const { order, rate: percent } = input\norder.cu|', ['id', 'lines', 'customer']],
    ['const order = input.order\nconst who = order.customer\nwho.|', ['name']],
    ['unknown.|', []],
    ['input.nothing.|', []],
    ['input.rate.|', []],
    ['1.|', []],
    ['"', []],
  ])('at %s offers %j', (code, expected) => {
    expect(offered(code)).toEqual(expected)
  })

  it('offers what lists, texts, the console and dates can do', () => {
    expect(offered('input.order.lines.|')).toContain('map')
    expect(offered('input.order.id.|')).toContain('toUpperCase')
    expect(offered('console.|')).toContain('log')
    expect(offered('DateTime.from|')).toContain('fromISO')
  })

  it('offers the names that the code reads, with their examples', () => {
    expect(offered('const { order } = input\nor|')).toEqual(['input', 'item', 'order', 'DateTime', 'console'])
    expect(codeOptions('input.', 6, scope)?.options).toEqual([
      { label: 'order', detail: '3 fields', isMethod: false },
      { label: 'rate', detail: '0.19', isMethod: false },
    ])
  })

  it('is quick, whatever the code is', () => {
    for (const code of [
      'a.'.repeat(200_000),
      `${'const {'.repeat(50_000)}`,
      `input${'[0]'.repeat(100_000)}.`,
      '$'.repeat(400_000),
    ]) {
      const started = performance.now()
      codeOptions(code, code.length, scope)
      expect(performance.now() - started).toBeLessThan(500)
    }
  })
})
