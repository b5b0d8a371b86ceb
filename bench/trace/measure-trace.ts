import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { sendOne } from '../load.ts'
import { withFolder, within } from '../owned-processes.ts'
import { hookline } from '../peers/hookline.ts'
import { keep } from '../report.ts'
import { type Size, withProgram } from '../scenario.ts'
import { GAP_MS, WARM_UP } from '../scenarios/idle-latency.ts'
import { type Journey, notedSchema, readWays, traceTable } from './read-trace.ts'

const now = (): number => performance.timeOrigin + performance.now()

/** `npm run bench -- --trace`: what an event waits for on its way through an idle host, stretch by stretch. */
export async function measureTrace({ latencySamples }: Size): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'trace.json')
    const script = join(import.meta.dirname, 'trace-host.ts')
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(script)}`, HOOKLINE_BENCH_TRACE: file }
    const journeys: Journey[] = []
    await withProgram(
      hookline,
      async (running, target) => {
        await within(
          10_000,
          'the first request',
          target.until((requests) => requests.length > 0),
        )
        for (let n = 0; n < latencySamples + WARM_UP; n++) {
          const next = target.requests.length + 1
          const sentAt = now()
          const arrived = target.until((requests) => requests.length >= next).then(now)
          await sendOne(running.hook)
          const arrivedAt = await within(10_000, 'a request of the host', arrived)
          if (n >= WARM_UP) journeys.push({ sentAt, arrivedAt })
          await pause(GAP_MS)
        }
        await running.stop('SIGTERM')
      },
      { env },
    )
    const ways = readWays(notedSchema.parse(JSON.parse(await readFile(file, 'utf8'))), journeys)
    const text = traceTable(ways)
    console.log(`\n${text}`)
    await keep('trace', text, { ways })
  })
}
