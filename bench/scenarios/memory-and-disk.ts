import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { timeRuns } from '../load.ts'
import { residentMegabytes, within } from '../owned-processes.ts'
import { type Scenario, shareOf, withProgram } from '../scenario.ts'

/** A program counts as idle when nothing was asked of it for so long. */
const IDLE_MS = 1_500

async function folderBytes(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes
}

/** What the program holds on to when nothing is asked of it, and what a run leaves on the disk. */
export const idleAndDisk: Scenario = {
  name: 'idle',
  about: 'resident memory when idle; kilobytes on the disk a run',
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(program, async ({ hook, pid, stop }, target, folder) => {
      const runs = shareOf(program, size.diskRuns)
      await pause(IDLE_MS)
      const idle = residentMegabytes(pid)
      const before = await folderBytes(folder)
      await within(120_000, `${runs} runs of ${program.name}`, timeRuns([hook], 50, runs, target))
      await stop('SIGTERM')
      const bytes = (await folderBytes(folder)) - before
      return { 'resident MB': idle, 'disk KB/run': bytes / 1_024 / runs }
    }),
}

/** What it holds on to after very many runs. */
export const memoryAfterRuns: Scenario = {
  name: 'memory',
  about: 'resident memory after 100,000 runs (not with --quick)',
  isLong: true,
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(program, async ({ hook, pid }, target) => {
      const runs = shareOf(program, size.memoryRuns)
      await within(300_000, `${runs} runs of ${program.name}`, timeRuns([hook], 50, runs, target))
      await pause(IDLE_MS)
      return { [`after ${runs.toLocaleString('en')} runs, MB`]: residentMegabytes(pid) }
    }),
}
