import { expect, test } from 'vitest'
import { isHookPath, zapFromRequest } from './zap-from-request.ts'

test('the zap listens where the request went', () => {
  expect(zapFromRequest({ method: 'POST', path: '/hooks/shop/orders', proposal: null })).toMatchObject({
    name: 'Webhook shop/orders',
    steps: [{ uses: 'webhook.catch', input: { path: 'shop/orders' } }],
  })
  expect(zapFromRequest({ method: 'PUT', path: '/hooks/in', proposal: null }).steps[0]?.input).toEqual({
    path: 'in',
    methods: ['PUT'],
  })
})

test('the zap checks its sender as the request offers to be checked', () => {
  const proposal = { sender: 'GitHub', header: 'x-hub-signature-256', verify: { scheme: 'github' } }
  expect(zapFromRequest({ method: 'POST', path: '/hooks/in', proposal }).steps[0]?.input).toEqual({
    path: 'in',
    verify: { scheme: 'github', secrets: [] },
  })
})

test.each([
  ['/hooks/in', true],
  ['/hooks/', false],
  ['/favicon.ico', false],
  ['/hooks/<b>', false],
])('%s could be a zap: %s', (path, could) => {
  expect(isHookPath(path)).toBe(could)
})
