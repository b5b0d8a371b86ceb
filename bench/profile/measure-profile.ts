import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CountingTarget } from '../../e2e/fixtures/counting-target.ts'
import { throughput, timeRuns } from '../load.ts'
import { withFolder, within } from '../owned-processes.ts'
import { hookline } from '../peers/hookline.ts'
import type { Running } from '../program.ts'
import { keep } from '../report.ts'
import { type Size, withProgram } from '../scenario.ts'
import { profileTable } from './profile-table.ts'
import { readProfile, type Spent } from './read-profile.ts'

const CONNECTIONS = 50

/** The host's main thread while `use` goes on. */
function profiled(
  use: (running: Running, target: CountingTarget) => Promise<unknown>,
  warmUp: (running: Running, target: CountingTarget) => Promise<unknown>,
  queued: boolean,
): Promise<Spent> {
  return withFolder(async (folder) => {
    const file = join(folder, 'main.cpuprofile')
    const script = join(import.meta.dirname, 'profile-host.ts')
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(script)}`, HOOKLINE_BENCH_PROFILE: file }
    await withProgram(
      hookline,
      async (running, target) => {
        await warmUp(running, target)
        process.kill(running.pid, 'SIGUSR2')
        await use(running, target)
        process.kill(running.pid, 'SIGUSR2')
        await running.stop('SIGTERM')
      },
      { queued, env },
    )
    return readProfile(file)
  })
}

/** `npm run bench -- --profile`: where the main thread's time goes while events come in, and while they are run as well. */
export async function measureProfile({ seconds, runs, warmUpRuns }: Size): Promise<void> {
  console.error('profiling the host: ingest …')
  const ingest = await profiled(
    ({ hook }) => throughput(hook, CONNECTIONS, seconds),
    ({ hook }) => throughput(hook, CONNECTIONS, 1),
    true,
  )
  console.error('profiling the host: complete runs …')
  const run = (count: number) => (running: Running, target: CountingTarget) =>
    within(120_000, `${count} runs`, timeRuns([running.hook], CONNECTIONS, count, target))
  const complete = await profiled(run(runs), run(warmUpRuns), false)
  const text = profileTable({ ingest, 'complete runs': complete })
  console.log(`\n${text}`)
  await keep('profile', text, { ingest: Object.fromEntries(ingest), 'complete runs': Object.fromEntries(complete) })
}
