import { describe, expect, it } from 'vitest'
import { nearestPath } from './nearest-path.ts'

const scope = {
  hook: {
    method: 'POST',
    body: { amount: 75, orderId: 'a', customer: { name: 'Ada', email: 'a@b' }, items: [{ sku: 'A1' }] },
  },
  call: { status: 200, body: { total: 3 } },
}
const words = new Set(['hook', 'call', 'now', 'zap', 'run', 'env'])
const insteadOf = (text: string) => nearestPath(text, scope, words)?.instead ?? null

describe('the nearest path', () => {
  it('mends a mistyped key, wherever it stands', () => {
    expect(insteadOf('{{ hook.body.amout }}')).toBe('hook.body.amount')
    expect(insteadOf('{{ hook.bdy.amount }}')).toBe('hook.body.amount')
    expect(insteadOf('{{ hok.body.amount }}')).toBe('hook.body.amount')
    expect(insteadOf('{{ hook.body.order_id }}')).toBe('hook.body.orderId')
    expect(insteadOf('{{ hook.body.Customer.Name }}')).toBe('hook.body.customer.name')
  })

  it('finds what was left out', () => {
    expect(insteadOf('{{ hook.amount }}')).toBe('hook.body.amount')
    expect(insteadOf('{{ hook.body.email }}')).toBe('hook.body.customer.email')
  })

  it('says where the wrong one stands', () => {
    const text = 'For {{ hook.method }} and {{ hook.body.amout | plus: 1 }}'
    const fix = nearestPath(text, scope, words)
    expect(fix && text.slice(fix.start, fix.end)).toBe('hook.body.amout')
  })

  it('is none where nothing is near, and where all is well', () => {
    expect(insteadOf('{{ hook.body.invoice }}')).toBeNull()
    expect(insteadOf('{{ hook.body.amount }} {{ now }} {{ env.HOME }}')).toBeNull()
    expect(insteadOf('{{ hook.body.')).toBeNull()
  })
})
