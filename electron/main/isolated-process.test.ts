import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { startUtility } from './isolated-process.ts'

vi.mock('electron', () => import('./electron.double.ts'))

const file = fileURLToPath(new URL('../../core/engine/sandbox/sandbox-process.ts', import.meta.url))

function started() {
  const said = Promise.withResolvers<unknown>()
  const ended = Promise.withResolvers<string>()
  return { said, ended, child: startUtility(file, { message: said.resolve, ended: ended.resolve }) }
}

it('runs code in a utility process, which hears of it by its port', async () => {
  const { said, ended, child } = started()
  const source = 'return [input.a + 1, typeof process]'
  const data = [Buffer.from('{"input":{"a":41}}')].map((bytes) => ({ bytes, as: 'json' }))
  child.post({ id: 1, job: { kind: 'code', source, data, zone: 'UTC', deadlineMs: 5_000, maxDepth: 200 } })
  expect(await said.promise).toMatchObject({ id: 1, answer: { result: { json: '[42,"undefined"]' } } })
  child.kill()
  expect(await ended.promise).toContain('it ended')
})

it('is ended whatever it is doing, and before it has begun', async () => {
  const busy = started()
  const job = { kind: 'code', source: 'for (;;) {}', data: ['{}'], zone: 'UTC', deadlineMs: 60_000, maxDepth: 200 }
  busy.child.post({ id: 1, job })
  busy.child.kill()
  expect(await busy.ended.promise).toContain('it ended')
  // It may have ended by itself, unheard.
  expect(() => busy.child.kill()).not.toThrow()
})
