import { join } from 'node:path'
import { z } from 'zod'
import { startTarget } from '../fixtures/counting-target.ts'
import { runCli, startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

const statusSchema = z.object({ paused: z.boolean(), safeMode: z.string().nullable() })
const outboxSchema = z.object({ pending: z.int(), leased: z.int(), dead: z.int() })
const listSchema = z.object({ runs: z.array(z.object({ id: z.string() })) })

test('a host that every start kills still comes up, with everything that it ever acknowledged', async ({ folder }) => {
  test.setTimeout(120_000)
  const dataDir = join(folder, 'data')
  const target = await startTarget()
  target.neverAnswer()
  const setup = await startHost({ dataDir })
  await setup.ask(z.unknown(), 'zap', 'import', await writeZap(folder, 'relay', relayZap('in', target.url)), '--enable')
  const post = async (hooks: string, n: number): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${hooks}/hooks/in`, { method: 'POST', headers, body: JSON.stringify({ n }) })).status
  }
  for (let n = 0; n < 30; n++) expect(await post(setup.hooks, n)).toBe(200)
  await target.until((requests) => requests.length >= 20)
  await setup.kill()
  await target.close()

  // As if the beginning of every run crashed the process: nothing is ever done, so nothing would ever be set aside.
  const env = { HOOKLINE_FAILPOINT: 'after-lease' }
  let host: Awaited<ReturnType<typeof startHost>> | undefined
  let crashes = 0
  while (host === undefined) {
    const started = await startHost({ dataDir, env }).catch(() => undefined)
    // It may have told that it is ready a moment before it died.
    const isAlive = started !== undefined && (await runCli(['status', '--json', '--data', dataDir])).code === 0
    if (isAlive) host = started
    else crashes++
    expect(crashes).toBeLessThanOrEqual(3)
  }
  expect(crashes).toBe(3)

  const status = await host.ask(statusSchema, 'status')
  expect(status.paused).toBe(true)
  expect(status.safeMode).toContain('resume')
  expect((await fetch(host.ui)).status).toBe(200)
  // Intake goes on meanwhile.
  expect(await post(host.hooks, 30)).toBe(200)
  const kept = await host.ask(outboxSchema, 'outbox')
  // Those that were at work at three crashes are set aside for a person; the others wait.
  expect(kept.pending + kept.dead).toBe(31)
  expect(kept.pending).toBeGreaterThan(25)
  expect(await host.stop()).toBe(0)

  const again = await startTarget(Number(new URL(target.url).port))
  const mended = await startHost({ dataDir })
  // A stop in order is no word of a person: it still runs nothing.
  expect((await mended.ask(statusSchema, 'status')).safeMode).not.toBeNull()
  expect(await mended.ask(statusSchema, 'resume')).toMatchObject({ paused: false, safeMode: null })
  const setAside = (await mended.ask(listSchema, 'run', 'list', '--status', 'needs-review')).runs
  expect(setAside).toHaveLength(kept.dead)
  for (const { id } of setAside) await mended.ask(z.unknown(), 'run', 'resolve', id, '--again')
  const numberOf = (body: string): number => z.object({ n: z.int() }).parse(JSON.parse(body)).n
  await again.until((requests) => new Set(requests.map(({ body }) => numberOf(body))).size === 31)
  await expect(async () => {
    expect(await mended.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
  }).toPass()
  expect(await mended.stop()).toBe(0)
  await again.close()
})
