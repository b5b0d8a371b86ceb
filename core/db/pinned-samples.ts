import type { Knex } from 'knex'
import type { Tx } from './executor.ts'

/** Pins an output as the example of a step, in place of one that was pinned before. `data` is JSON text. */
export function pinSample(tx: Tx, sample: { zapId: string; stepId: string; data: string; now: number }): void {
  const { zapId, stepId, data, now } = sample
  tx.run(
    `INSERT INTO pinned_sample (zap_id, step_id, data, pinned_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id) DO UPDATE SET data = excluded.data, pinned_at = excluded.pinned_at`,
    [zapId, stepId, data, now],
  )
}

/** Takes a pinned example away; the step's own last output counts again. Gives whether there was one. */
export function unpinSample(tx: Tx, zapId: string, stepId: string): boolean {
  return tx.run('DELETE FROM pinned_sample WHERE zap_id = ? AND step_id = ?', [zapId, stepId]) > 0
}

/** The steps of a zap whose output is pinned. */
export async function findPinnedSteps(reader: Knex, zapId: string): Promise<readonly string[]> {
  const rows: { step_id: string }[] = await reader('pinned_sample').where({ zap_id: zapId }).select('step_id')
  return rows.map((row) => row.step_id)
}

/** The pinned examples of a zap, as JSON text by step id. */
export async function findPinnedSamples(reader: Knex, zapId: string): Promise<ReadonlyMap<string, string>> {
  const rows: { step_id: string; data: string }[] = await reader('pinned_sample')
    .where({ zap_id: zapId })
    .select('step_id', 'data')
  return new Map(rows.map((row) => [row.step_id, row.data]))
}
