import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { ZapDetail } from '../../core/contract/values.ts'
import { connectTo } from '../../e2e/fixtures/control-client.ts'
import { startTarget } from '../../e2e/fixtures/counting-target.ts'
import { type DesktopApp, startDesktop } from '../../e2e/fixtures/desktop-app.ts'
import { fillHistory } from '../../e2e/fixtures/fill-history.ts'
import { relayZap } from '../../e2e/fixtures/zap-files.ts'
import { ORDER } from '../load.ts'
import { end, own, withFolder } from '../owned-processes.ts'
import { median, quantile } from '../quantile.ts'
import type { Figures, Size } from '../scenario.ts'

/** Runs a second while the app is looked at. */
const RATE = 300
const SECONDS = 4
/** Runs of a history that takes about a gigabyte. */
const GIGABYTE_RUNS = 290_000
const HEADERS = { 'content-type': 'application/json' }
/** Where the stand-in has the screens. */
const ORIGIN = 'https://stand-in.localhost'
/** 50 MB of JSON. */
const LARGE = JSON.stringify(Array.from({ length: 500_000 }, (_, n) => ({ n, text: 'y'.repeat(80) })))

/** Gets a large value and hands it on. */
const largeZap = (url: string): ZapDetail['draft'] => ({
  format: 'hookline/zap@1',
  name: 'Large',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'get', uses: 'http.request', input: { url } },
    { id: 'pick', uses: 'data.set', input: { fields: { one: '{{ get.body[7].n }}' } } },
  ],
  edges: [
    { from: 'go', to: 'get' },
    { from: 'get', to: 'pick' },
  ],
})

/** Measures the loop of main from now on, with a resolution of a millisecond. */
const watchLoop = (app: DesktopApp): Promise<void> =>
  app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
    const watched = Object.assign(globalThis, { loop: monitorEventLoopDelay({ resolution: 1 }) })
    watched.loop.enable()
  })

/** How long the loop of main was held up since then, in milliseconds beyond its turn. */
const heldUp = (app: DesktopApp): Promise<{ p99: number; max: number }> =>
  app.evaluate(() => {
    const { loop } = globalThis as unknown as { loop: { percentile(p: number): number; max: number; reset(): void } } // as above
    const [p99, max] = [loop.percentile(99) / 1e6, loop.max / 1e6]
    loop.reset()
    return { p99, max }
  })

/** Sends events at an even rate, also while answers are late, and returns how long each took to be answered, in milliseconds. */
async function sendEvenly(url: string, seconds: number): Promise<number[]> {
  const samples: number[] = []
  const answers: Promise<void>[] = []
  const startedAt = performance.now()
  for (let n = 0; n < RATE * seconds; n++) {
    const wait = startedAt + (n * 1_000) / RATE - performance.now()
    if (wait > 1) await pause(wait)
    const sentAt = performance.now()
    const answered = fetch(url, { method: 'POST', headers: HEADERS, body: ORDER }).then(async (response) => {
      await response.arrayBuffer()
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
      samples.push(performance.now() - sentAt)
    })
    answers.push(answered)
  }
  await Promise.all(answers)
  return samples
}

/** How the app did for some seconds: the loop of main, in milliseconds, and how long each event waited for its answer. */
type Window = { readonly loop: number; readonly acks: readonly number[] }

async function measureWindow(app: DesktopApp, url: string): Promise<Window> {
  await heldUp(app)
  const acks = await sendEvenly(url, SECONDS)
  return { loop: (await heldUp(app)).p99, acks }
}

/** Counts how often the page changes what it shows: what React does at a time is one. */
const COUNT_REDRAWS = `{
  window.redraws = 0
  new MutationObserver(() => window.redraws++).observe(document.querySelector('table'), { subtree: true, childList: true, characterData: true, attributes: true })
}`

async function start(dataDir: string): Promise<DesktopApp> {
  const app = await startDesktop({ dataDir })
  own(app.child)
  return app
}

/** The address of its webhooks, once it listens. */
async function hooksOf(app: DesktopApp): Promise<string> {
  const page = await app.page()
  await page
    .getByRole('contentinfo')
    .getByText(/127\.0\.0\.1:\d+/)
    .first()
    .waitFor({ timeout: 120_000 })
  const { client, close } = await connectTo(app.dataDir)
  const { hooksUrl } = await client.system.info()
  close()
  return hooksUrl
}

/** The built desktop app in its stand-in: how free its main process stays, and how soon it acknowledges, with the Runs page open. */
export function measureDesktop(size: Size): Promise<Figures> {
  return withFolder(async (folder) => {
    const target = await startTarget()
    const dataDir = join(folder, 'data')
    let app = await start(dataDir)
    try {
      const url = `${await hooksOf(app)}/hooks/bench`
      const { client, close } = await connectTo(dataDir)
      await client.zaps.import({
        files: [{ file: 'bench.zap.json', content: relayZap('bench', target.url) }],
        enable: true,
      })
      const page = await app.page()
      await watchLoop(app)
      await sendEvenly(url, 2)

      const without: Window[] = []
      const shown: Window[] = []
      const redraws: number[] = []
      // In turns, as the machine may be busier in one moment than in another.
      for (let turn = 0; turn < (size.rounds === 1 ? 2 : 4); turn++) {
        await page.goto('about:blank')
        without.push(await measureWindow(app, url))
        await page.goto(`${ORIGIN}/#/runs`)
        await page.getByRole('row').nth(5).waitFor()
        await page.evaluate(COUNT_REDRAWS)
        shown.push(await measureWindow(app, url))
        redraws.push(z.number().parse(await page.evaluate('window.redraws')) / SECONDS)
      }
      const figures: Record<string, number> = { 'Runs page, redraws/s': median(redraws) }
      for (const [words, windows] of [
        ['no page', without],
        ['Runs page', shown],
      ] as const) {
        figures[`loop p99 ms, ${words}`] = median(windows.map(({ loop }) => loop))
        for (const share of [0.5, 0.99])
          figures[`acknowledged p${share * 100} ms, ${words}`] = median(
            windows.map(({ acks }) => quantile(acks, share)),
          )
      }
      const ratios = shown.map(({ acks }, at) => quantile(acks, 0.99) / quantile(without[at]?.acks ?? [], 0.99))
      figures['acknowledged p99, Runs page of no page'] = median(ratios)

      const worst = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        await heldUp(app)
        await work()
        figures[`loop at most ms, ${name}`] = (await heldUp(app)).max
      }
      await worst('backup', () => client.backups.make())
      await worst('50 MB value', async () => {
        const large = createServer((_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).end(LARGE)
        }).listen(0, '127.0.0.1')
        await once(large, 'listening')
        const address = large.address()
        const from = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
        const { id } = await client.zaps.create({ draft: largeZap(from) })
        await client.zaps.publish({ id })
        const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
        let status = 'running'
        while (status === 'running') {
          await pause(50)
          const listed = await client.runs.list({ zapId: id, limit: 1 })
          status = listed.runs[0]?.status ?? 'running'
        }
        large.close()
        if (status !== 'succeeded') throw new Error(`the run ${runId} of the large value ended as ${status}`)
      })
      close()
      await app.quit()

      fillHistory(join(dataDir, 'hookline.db'), size.rounds === 1 ? GIGABYTE_RUNS / 2 : GIGABYTE_RUNS)
      app = await start(dataDir)
      await watchLoop(app)
      const startedAt = performance.now()
      // While the program itself is loaded there is nothing that could be held up.
      await app.page()
      await heldUp(app)
      await hooksOf(app)
      figures['start with that history ms'] = performance.now() - startedAt
      figures['loop at most ms, its check'] = (await heldUp(app)).max
      const again = await connectTo(dataDir)
      await worst('prune', async () => {
        await again.client.history.prune({ olderThan: '1d' })
        while ((await again.client.history.get()).job?.state === 'running') await pause(100)
      })
      again.close()
      return figures
    } finally {
      await end(app.child, 'SIGKILL')
      await target.close()
    }
  })
}
