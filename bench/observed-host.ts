import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

/** What the commit group counted while a host lived, and the milliseconds that its main thread was busy. */
const commitsSchema = z.object({
  commits: z.number(),
  operations: z.number(),
  ms: z.number(),
  syncs: z.number(),
  syncMs: z.number(),
  activeMs: z.number(),
})
export type Commits = z.infer<typeof commitsSchema>

/** Environment of a host that leaves its counters in `file` when it ends gracefully. */
export function observed(file: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'observe-commits.ts'))}`,
    HOOKLINE_BENCH_STATS: file,
  }
}

export async function readCommits(file: string): Promise<Commits> {
  return commitsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}
