import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { startTarget } from '../e2e/fixtures/counting-target.ts'
import { type DesktopApp, startDesktop } from '../e2e/fixtures/desktop-app.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'

const hostSchema = z.object({ hooks: z.string() })

/** The address of its webhooks, once it listens on this start. */
async function hooksOf(app: DesktopApp): Promise<string> {
  await expect((await app.page()).getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  return hostSchema.parse(JSON.parse(readFileSync(join(app.dataDir, 'host.json'), 'utf8'))).hooks
}

test('the app is killed while its window is open and events come in: nothing acknowledged is lost, and it says what happened', async ({
  folder,
}) => {
  test.setTimeout(180_000)
  const dataDir = join(folder, 'data')
  const target = await startTarget()
  const acknowledged = new Set<number>()
  let next = 0
  let app = await startDesktop({ dataDir })
  let hooks = await hooksOf(app)
  await enableZap(dataDir, 'relay', relayZap('in', target.url))
  // A run that is under way at three kills is set aside for a person, rightly.
  for (let round = 0; round < 2; round++) {
    await (await app.page()).goto('https://stand-in.localhost/#/runs')
    const killAt = next + 300
    let isAlive = true
    const send = async (): Promise<void> => {
      while (isAlive) {
        const n = next++
        const body = JSON.stringify({ n })
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`${hooks}/hooks/in`, { method: 'POST', headers, body }).catch(() => undefined)
        if (answer?.status === 200) acknowledged.add(n)
        if (n === killAt) {
          isAlive = false
          await app.kill()
        }
      }
    }
    await Promise.all(Array.from({ length: 20 }, send))
    app = await startDesktop({ dataDir })
    hooks = await hooksOf(app)
    const told = () => app.evaluate(({ recorded }) => recorded.notifications.map(({ options }) => options.title))
    await expect.poll(told).toContain('Hookline goes on where it was')
  }
  await target.until((requests) => {
    const arrived = new Set(requests.map(({ body }) => z.object({ n: z.int() }).parse(JSON.parse(body)).n))
    return [...acknowledged].every((n) => arrived.has(n))
  })
  expect(acknowledged.size).toBeGreaterThan(300)
  expect(await app.quit()).toBe(0)

  // After an end in order there is nothing to tell.
  app = await startDesktop({ dataDir })
  await hooksOf(app)
  expect(await app.evaluate(({ recorded }) => recorded.notifications.length)).toBe(0)
  expect(await app.quit()).toBe(0)
  await target.close()
})

test('an error that nothing caught starts the app again, which says why', async ({ folder }) => {
  const dataDir = join(folder, 'data')
  const app = await startDesktop({ dataDir })
  await hooksOf(app)
  const ended = app.ended
  await app.evaluate(() => void setTimeout(() => Promise.reject(new Error('broken on purpose'))))
  expect(await ended).toBe(1)
  const again = await startDesktop({ dataDir })
  await hooksOf(again)
  const told = () => again.evaluate(({ recorded }) => recorded.notifications.map(({ options }) => options.body))
  await expect.poll(told).toEqual([expect.stringContaining('An error had ended it: broken on purpose')])
  expect(await again.quit()).toBe(0)
})
