import { execFileSync } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { timeRuns } from '../load.ts'
import { within } from '../owned-processes.ts'
import { type Scenario, shareOf, withProgram } from '../scenario.ts'

/** A program counts as idle when nothing was asked of it for so long. */
const IDLE_MS = 1_500

/** Resident memory of a process in megabytes; `ps` says kilobytes on Linux and macOS. */
function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024
}

async function folderBytes(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes
}

/** What the program holds on to: memory when idle and after many runs, and what a run leaves on the disk. */
export const memoryAndDisk: Scenario = {
  name: 'memory',
  about: 'resident memory when idle and after many runs; kilobytes on the disk a run',
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(program, async ({ hook, pid, stop }, target, folder) => {
      const memoryRuns = shareOf(program, size.memoryRuns)
      await pause(IDLE_MS)
      const idle = residentMegabytes(pid)
      const before = await folderBytes(folder)
      await within(300_000, `${memoryRuns} runs of ${program.name}`, timeRuns([hook], 50, memoryRuns, target))
      await pause(IDLE_MS)
      const after = residentMegabytes(pid)
      await stop('SIGTERM')
      const bytes = (await folderBytes(folder)) - before
      return { 'idle MB': idle, [`after ${memoryRuns} runs MB`]: after, 'disk KB/run': bytes / 1_024 / memoryRuns }
    }),
}
