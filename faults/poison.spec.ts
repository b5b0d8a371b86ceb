import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { startTarget } from '../e2e/fixtures/counting-target.ts'
import { runCli, startHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post, runsSchema } from './senders.ts'

/** What a row can be damaged to so that no run can be made of it. */
const poisons = [
  ['an event that is no JSON', `UPDATE trigger_event SET data = '{"n":' WHERE id = @eventId`, /failed/],
  [
    'an event whose large value is not there',
    `UPDATE trigger_event SET data = '{"$blob":"${'0'.repeat(64)}","bytes":9,"type":"json"}' WHERE id = @eventId`,
    /failed/,
  ],
  [
    'a version that this Hookline cannot read',
    'UPDATE outbox_message SET version = 2 WHERE event_id = @eventId',
    /version 2 of the zap .* cannot be read/,
  ],
] as const

const EVENTS = 9
const POISONED = 4

for (const [what, sql, expected] of poisons) {
  test(`${what} is given up and told of, and holds up none of those behind it`, async ({ folder }) => {
    const dataDir = join(folder, 'data')
    const silent = await startTarget()
    silent.neverAnswer()
    const first = await startHost({ dataDir })
    const relay = z.record(z.string(), z.unknown()).parse(relayZap('in', silent.url))
    // In order, so that one that did not come to its end would hold up all behind it.
    await enableZap(`${folder}/data`, 'relay', { ...relay, settings: { concurrency: 'queued' } })
    const ids: string[] = []
    for (let n = 0; n < EVENTS; n++) ids.push((await post(first, 'in', { n })).id ?? '')
    await silent.until((requests) => requests.length === 1)
    await first.kill()
    await silent.close()

    const database = new Sqlite(join(dataDir, 'hookline.db'))
    database.exec(`INSERT INTO zap_version (zap_id, number, kind, definition, created_at) SELECT zap_id, 2, kind, '{"format":"hookline/zap@9"}', created_at
      FROM zap_version ORDER BY rowid DESC LIMIT 1`)
    expect(database.prepare<object>(sql).run({ eventId: ids[POISONED] }).changes).toBe(1)
    database.close()

    const target = await startTarget(Number(new URL(silent.url).port))
    const host = await startHost({ dataDir })
    await target.until((requests) => requests.length === EVENTS - 1)
    await expect(async () => {
      expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
    }).toPass()
    const numbers = target.requests.map(({ body }) => z.object({ n: z.int() }).parse(JSON.parse(body)).n)
    expect(numbers).toEqual([0, 1, 2, 3, 5, 6, 7, 8])
    const runId = (ids[POISONED] ?? '').replace('evt_', 'run_')
    const { runs } = await host.ask(runsSchema, 'run', 'list')
    expect(runs.find(({ id }) => id === runId)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/./) })
    // Who looks closer sees it, or hears what of it cannot be read.
    const shown = await runCli(['run', 'show', runId, '--data', dataDir])
    expect(shown.stdout + shown.stderr).toMatch(expected)
    expect(await host.stop()).toBe(0)
    await target.close()
  })
}
