import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { UPKEEP_FAILPOINTS } from '../core/domain/runs/failpoint.ts'
import { runCli, startHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post } from './senders.ts'

/** Opens a database as it lies there, asks it something, and closes it. */
function ask(file: string, pragma: string): unknown {
  const database = new Sqlite(file, { readonly: true })
  try {
    return database.pragma(pragma, { simple: true })
  } finally {
    database.close()
  }
}

/** A data folder as Hookline's first format left it, with an event that was accepted and not worked on. */
function firstFormat(folder: string, targetUrl: string): string {
  const dataDir = join(folder, 'data')
  mkdirSync(join(dataDir, 'backups'), { recursive: true })
  const sql = readFileSync(join(import.meta.dirname, 'fixtures', 'first-format.sql'), 'utf8')
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  database.exec(sql.replaceAll('TARGET_URL', targetUrl))
  database.close()
  // As if an upgrade before this one had been killed while it wrote its backup.
  writeFileSync(join(dataDir, 'backups', 'before-upgrade-from-1-7.db.part'), 'half a backup')
  return dataDir
}

/** The format that this Hookline writes: there is a file for each step to it. */
function newestFormat(): number {
  return readdirSync(join(import.meta.dirname, '..', 'core', 'db', 'migrations')).length
}

for (const point of UPKEEP_FAILPOINTS.filter((name) => name.endsWith('-migration'))) {
  test(`an upgrade that is killed at the point ${point} is done by the next start, with the event in the queue`, async ({
    folder,
    target,
  }) => {
    const dataDir = firstFormat(folder, target.url)
    const file = join(dataDir, 'hookline.db')
    await expect(startHost({ dataDir, env: { HOOKLINE_FAILPOINT: point } })).rejects.toThrow('did not start')
    expect(ask(file, 'user_version')).toBe(point === 'after-migration' ? 2 : 1)
    expect(ask(file, 'integrity_check')).toBe('ok')

    const host = await startHost({ dataDir })
    await target.until((requests) => requests.length === 1)
    expect(JSON.parse(target.requests[0]?.body ?? '')).toEqual({ n: 1 })
    expect(await post(host, 'old', { n: 2 })).toMatchObject({ status: 200 })
    await target.until((requests) => requests.length === 2)
    expect(await host.stop()).toBe(0)

    expect(ask(file, 'user_version')).toBe(newestFormat())
    const backups = readdirSync(join(dataDir, 'backups'))
    expect(backups.length).toBeGreaterThan(0)
    for (const name of backups) {
      // Each says from which format it was to be brought on: the killed upgrade may have done a part of the way.
      const from = /^before-upgrade-from-(\d)-\d+\.db$/.exec(name)?.[1]
      expect(ask(join(dataDir, 'backups', name), 'integrity_check')).toBe('ok')
      expect(ask(join(dataDir, 'backups', name), 'user_version'), name).toBe(Number(from))
    }
  })
}

for (const point of UPKEEP_FAILPOINTS.filter((name) => name.includes('-backup'))) {
  test(`a backup that is killed at the point ${point} is not there; the next one of that name is whole`, async ({
    folder,
    target,
  }) => {
    const dataDir = join(folder, 'data')
    const doomed = await startHost({ dataDir, env: { HOOKLINE_FAILPOINT: point } })
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    for (let n = 0; n < 10; n++) {
      expect(await post(doomed, 'in', { n, text: 'x'.repeat(200_000) })).toMatchObject({ status: 200 })
    }
    const file = join(folder, 'backup.db')
    expect((await runCli(['backup', file, '--data', dataDir])).code).not.toBe(0)
    await doomed.ended
    expect(doomed.child.signalCode).toBe('SIGKILL')
    expect(existsSync(file)).toBe(false)
    expect(existsSync(`${file}.part`)).toBe(true)

    const host = await startHost({ dataDir })
    await host.ask(z.unknown(), 'backup', file)
    await target.until((requests) => new Set(requests.map(({ body }) => body)).size === 10)
    await expect(async () => {
      expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, dead: 0 })
    }).toPass()
    await host.stop()
    expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db'])
    expect(ask(file, 'integrity_check')).toBe('ok')
  })
}

for (const point of UPKEEP_FAILPOINTS.filter((name) => /prune|shrink/.test(name))) {
  test(`a host that is killed at the point ${point} has lost nothing that is kept, and the next one finishes the work`, async ({
    folder,
    target,
  }) => {
    const dataDir = join(folder, 'data')
    const world = join(folder, 'world.json')
    const pretend = (days: number): void => writeFileSync(world, JSON.stringify({ clockAheadMs: days * 86_400_000 }))
    pretend(0)
    const env = { HOOKLINE_PRETEND: world }
    const first = await startHost({ dataDir, env })
    await enableZap(`${folder}/data`, 'relay', relayZap('in', target.url))
    const send = (host: typeof first, n: number) => post(host, 'in', { n, text: 'x'.repeat(300_000) })
    for (let n = 0; n < 10; n++) expect(await send(first, n)).toMatchObject({ status: 200 })
    await target.until((requests) => requests.length === 10)
    await first.stop()

    pretend(100)
    const doomed = await startHost({ dataDir, env: { ...env, HOOKLINE_FAILPOINT: point } })
    expect(await send(doomed, 10)).toMatchObject({ status: 200 })
    await target.until((requests) => requests.length === 11)
    const blobs = () => readdirSync(join(dataDir, 'blobs')).length
    const before = blobs()
    await runCli(['prune', '--data', dataDir])
    await runCli(['shrink', '--data', dataDir])
    await doomed.ended
    expect(doomed.child.signalCode).toBe('SIGKILL')
    if (point !== 'during-shrink') expect(blobs()).toBe(before)

    const file = join(dataDir, 'hookline.db')
    const host = await startHost({ dataDir, env })
    const historySchema = z.object({ runs: z.int(), freeBytes: z.int() })
    await host.ask(z.unknown(), 'prune')
    await host.ask(z.unknown(), 'shrink')
    expect((await host.ask(historySchema, 'history')).runs).toBe(1)
    const { runs } = await host.ask(z.object({ runs: z.tuple([z.object({ id: z.string() })]) }), 'run', 'list')
    const shown = await host.ask(
      z.object({ steps: z.array(z.object({ output: z.unknown() })) }),
      'run',
      'show',
      runs[0].id,
    )
    expect(JSON.stringify(shown.steps)).toContain('$blob')
    expect(blobs()).toBeLessThan(before)
    expect(await post(host, 'in', { n: 11 })).toMatchObject({ status: 200 })
    await target.until((requests) => requests.some(({ body }) => body === '{"n":11}'))
    await host.stop()
    expect(ask(file, 'integrity_check')).toBe('ok')
    expect(ask(file, 'foreign_key_check')).toBeUndefined()
  })
}
