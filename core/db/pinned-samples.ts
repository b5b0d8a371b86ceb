import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { integer, nullable, oneOf, rowOf, text } from './row.ts'

/** Where a pinned example may come from. */
const ORIGINS = ['run', 'connector', 'request', 'written'] as const

/** A pinned example. `data` is JSON text. */
export type PinnedSample = {
  readonly data: string
  /** What it is; null for those of before it was noted. */
  readonly origin: (typeof ORIGINS)[number] | null
  /** The run that gave it, or null. */
  readonly runId: string | null
  readonly pinnedAt: number
}

/** Pins an output as the example of a step, in place of one that was pinned before. */
export function pinSample(
  tx: Tx,
  sample: Omit<PinnedSample, 'pinnedAt'> & { zapId: string; stepId: string; now: number },
): void {
  const { zapId, stepId, data, origin, runId, now } = sample
  tx.run(
    `INSERT INTO pinned_sample (zap_id, step_id, data, origin, run_id, pinned_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id) DO UPDATE SET data = excluded.data, origin = excluded.origin,
        run_id = excluded.run_id, pinned_at = excluded.pinned_at`,
    [zapId, stepId, data, origin, runId, now],
  )
}

/** Takes a pinned example away; the step's own last output counts again. Returns whether there was one. */
export function unpinSample(tx: Tx, zapId: string, stepId: string): boolean {
  return tx.run('DELETE FROM pinned_sample WHERE zap_id = ? AND step_id = ?', [zapId, stepId]) > 0
}

/** The steps of a zap whose output is pinned. */
export async function findPinnedSteps(reader: Knex, zapId: string): Promise<readonly string[]> {
  const rows: { step_id: string }[] = await reader('pinned_sample').where({ zap_id: zapId }).select('step_id')
  return rows.map((row) => row.step_id)
}

const pinRow = rowOf({
  stepId: text,
  data: text,
  origin: nullable(oneOf(ORIGINS)),
  runId: nullable(text),
  pinnedAt: integer,
})

/** The pinned examples of a zap, by step id. */
export async function findPinnedSamples(reader: Knex, zapId: string): Promise<ReadonlyMap<string, PinnedSample>> {
  const rows: unknown[] = await reader('pinned_sample')
    .where({ zap_id: zapId })
    .select('step_id as stepId', 'data', 'origin', 'run_id as runId', 'pinned_at as pinnedAt')
  return new Map(rows.map((row) => pinRow(row)).map(({ stepId, ...pin }) => [stepId, pin]))
}
