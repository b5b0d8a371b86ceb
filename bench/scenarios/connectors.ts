import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sendOne, timeRuns } from '../load.ts'
import { residentMegabytes, within } from '../owned-processes.ts'
import type { Program } from '../program.ts'
import { type Figures, type Scenario, type Size, shareOf, withProgram } from '../scenario.ts'
import { CODE, CSV, dataFile, GROUP, SORT, SUM, UPSERT, WATCH, type Work, watchedFolder } from '../work.ts'

const PATIENCE_MS = 300_000
/** Rows of the list that is sorted and grouped, and of the file of about 50 MB; files that come at once. */
const WHOLE = { rows: 100_000, csvRows: 900_000, files: 10_000 } as const

/**
 * What steps do, in whole runs: a code step beside the same of the peers; a CSV file read, its rows sorted and grouped; rows kept in a table; files
 * that come into a folder all at once. Node-RED has nodes for the first three of these but no groups, and none for tables; its watch tells writes and not
 * files, so it is not beside ours. n8n reads files of the disk only where it is told to and has its tables by its screens alone: it is measured at code.
 */
export const connectors: Scenario = {
  name: 'connectors',
  about: 'what steps do: code, a CSV of 50 MB, sorting, groups, rows of a table, 10,000 files at once',
  fits: ({ kind }) => kind === 'product',
  async measure(program, size) {
    const code = await codeRuns(program, size)
    if (program.name === 'n8n') return code
    const part = size.rounds === 1 && size.runs < 10_000 ? 0.1 : 1
    const rows = Math.round(WHOLE.rows * part)
    const csvRows = Math.round(WHOLE.csvRows * part)
    const csv = { [`CSV of ${Math.round(csvRows / 18_000)} MB, s`]: await csvSeconds(program, CSV, csvRows) }
    const sort = { [`sort of ${rows.toLocaleString('en')} rows, s`]: await csvSeconds(program, SORT, rows) }
    if (program.name !== 'hookline') return { ...code, ...csv, ...sort }
    return {
      ...code,
      ...csv,
      ...sort,
      [`groups of ${rows.toLocaleString('en')} rows, s`]: await csvSeconds(program, GROUP, rows),
      [`CSV of ${Math.round((csvRows * 2) / 18_000)} MB, more MB at its peak`]: await csvPeak(program, csvRows * 2),
      'table.upsert runs/s': await upserts(program, size),
      'files of a burst, runs/s': await burst(program, Math.round(WHOLE.files * part)),
    }
  },
}

/** Runs with a step of code in them, as `runs` times those without. */
function codeRuns(program: Program, size: Size): Promise<Figures> {
  return withProgram(
    program,
    async ({ hook }, target) => {
      // A script takes some milliseconds: a tenth of the runs of nothing but a request says as much.
      const runs = shareOf(program, size.runs / 5)
      const time = (count: number) =>
        within(120_000, `${count} runs of code of ${program.name}`, timeRuns([hook], 50, count, target))
      await time(Math.max(10, Math.round(runs / 5)))
      const { ms } = await time(runs)
      return { 'code runs/s': runs / (ms / 1_000) }
    },
    { work: CODE },
  )
}

/** Seconds from a webhook until what was made of a file of so many rows is posted; the second time, as the first loads what reads it. */
function csvSeconds(program: Program, work: Work, rows: number): Promise<number> {
  return withProgram(
    program,
    async ({ hook }, target, folder) => {
      await mkdir(dirname(dataFile(folder)), { recursive: true })
      const once = async (count: number): Promise<number> => {
        await writeFile(dataFile(folder), csvOf(count))
        const before = target.requests.length
        const startedAt = performance.now()
        await sendOne(hook, '{}')
        const arrived = target.until((requests) => requests.length > before)
        await within(PATIENCE_MS, `a CSV file of ${program.name}`, arrived)
        return (performance.now() - startedAt) / 1_000
      }
      await once(100)
      return once(rows)
    },
    { work },
  )
}

/** Megabytes of memory that a CSV file of so many rows takes on its way through steps, at its peak. */
function csvPeak(program: Program, rows: number): Promise<number> {
  return withProgram(
    program,
    async ({ hook, pid }, target, folder) => {
      await mkdir(dirname(dataFile(folder)), { recursive: true })
      await writeFile(dataFile(folder), csvOf(rows))
      const before = residentMegabytes(pid)
      let peak = before
      const looking = setInterval(() => {
        peak = Math.max(peak, residentMegabytes(pid))
      }, 50)
      try {
        await sendOne(hook, '{}')
        await within(
          PATIENCE_MS,
          `a CSV file of ${program.name}`,
          target.until((requests) => requests.length > 0),
        )
      } finally {
        clearInterval(looking)
      }
      return peak - before
    },
    { work: SUM },
  )
}

/** About 56 bytes a row. */
function csvOf(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, n) => `${n},"Ada, number ${n}",${((n * 7_919) % 100_000) / 100},City ${n % 50},2026-11-24T09:00:00Z`,
  )
  return `id,name,amount,city,at\n${lines.join('\n')}\n`
}

function upserts(program: Program, size: Size): Promise<number> {
  return withProgram(
    program,
    async ({ hook }, target) => {
      const time = (count: number) => within(120_000, `${count} rows`, timeRuns([hook], 50, count, target))
      await time(Math.round(size.runs / 10))
      const { ms } = await time(size.runs)
      return size.runs / (ms / 1_000)
    },
    { work: UPSERT },
  )
}

/** Runs a second from the first of many files that come at once until the last was heard of. */
function burst(program: Program, files: number): Promise<number> {
  return withProgram(
    program,
    async (_running, target, folder) => {
      const at = watchedFolder(folder)
      await mkdir(at, { recursive: true })
      // The first file that is heard of says that the folder is watched.
      for (let tries = 0; target.requests.length === 0; tries++) {
        await writeFile(join(at, `first-${tries}`), '')
        await Promise.race([
          target.until((requests) => requests.length > 0),
          new Promise((resolve) => setTimeout(resolve, 1_000)),
        ])
      }
      const heard = (): number =>
        new Set(target.requests.map(({ body }) => body).filter((name) => name.startsWith('file'))).size
      const startedAt = performance.now()
      for (let n = 0; n < files; n += 100)
        await Promise.all(Array.from({ length: 100 }, (_, more) => writeFile(join(at, `file-${n + more}`), 'x')))
      const all = (async () => {
        while (heard() < files) await new Promise((resolve) => setTimeout(resolve, 50))
      })()
      await within(PATIENCE_MS, `${files} files`, all)
      return files / ((performance.now() - startedAt) / 1_000)
    },
    { work: WATCH },
  )
}
