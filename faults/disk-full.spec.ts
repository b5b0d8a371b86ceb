import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli, startHost } from '../e2e/fixtures/headless-host.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap, writeZap } from '../e2e/fixtures/zap-files.ts'
import { check } from './checker/check.ts'
import type { Acknowledged } from './round/record.ts'
import { outboxSchema, post } from './senders.ts'

/** Megabytes of the small disk, and of what somebody else keeps on it and takes away later. */
const DISK_MB = 16
const OTHERS_MB = 6

/** A small disk of its own; undefined where this user may not have one. */
function smallDisk(): { path: string; remove(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'hookline-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', path])
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true })
    return undefined
  }
  return {
    path,
    remove() {
      execFileSync('umount', ['--lazy', path])
      rmSync(path, { recursive: true })
    },
  }
}

test('on a full disk senders are told to come back, nothing is lost, and it goes on by itself when there is room', async ({
  folder,
  target,
}) => {
  test.setTimeout(120_000)
  const disk = smallDisk()
  if (disk === undefined) {
    console.log(
      'SKIPPED: the test of a full disk needs a small disk of its own, which only root may have (mount -t tmpfs).',
    )
    test.skip(true, 'only root may mount a small disk')
    return
  }
  try {
    const dataDir = join(disk.path, 'data')
    mkdirSync(dataDir)
    writeFileSync(join(disk.path, 'others'), Buffer.alloc(OTHERS_MB * 1_048_576))
    const host = await startHost({ dataDir })
    const file = await writeZap(folder, 'relay', relayZap('in', target.url, { retry: { baseMs: 100, capMs: 500 } }))
    expect((await runCli(['zap', 'import', file, '--enable', '--data', dataDir])).code).toBe(0)

    // A backup would take the room that events need.
    const refused = await runCli(['backup', '--data', dataDir])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('There is no room for a backup')
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([])

    const acknowledged: Acknowledged[] = []
    const send = async (n: number): Promise<number> => {
      const { status, id, code } = await post(host, 'in', { n, text: 'x'.repeat(100_000) })
      if (status === 200) acknowledged.push({ eventId: id ?? '', path: 'in', n, senderId: null })
      else expect({ status, code }).toEqual({ status: 503, code: 'not-stored' })
      return status
    }
    let n = 0
    // More than fits: at some point it must say so.
    while ((await send(++n)) === 200) expect(n).toBeLessThan(500)
    for (let more = 0; more < 20; more++) await send(++n)
    const taken = acknowledged.length
    expect(taken).toBeGreaterThan(5)
    // So large that it would be kept as a file.
    expect(await post(host, 'in', { n: ++n, text: 'x'.repeat(1_000_000) })).toMatchObject({ status: 503 })
    // What is there can be looked at all the same.
    expect((await fetch(host.ui)).status).toBe(200)
    await host.ask(outboxSchema, 'outbox')

    rmSync(join(disk.path, 'others'))
    await expect(async () => expect(await send(++n)).toBe(200)).toPass({ timeout: 30_000 })
    await expect(async () => {
      expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0 })
    }).toPass({ timeout: 60_000 })
    expect(await host.stop()).toBe(0)

    const arrived = new Set(target.requests.map(({ body }) => Number(/"n":(\d+)/.exec(body)?.[1])))
    expect(acknowledged.map((event) => event.n).filter((sent) => !arrived.has(sent))).toEqual([])
    const nothing = {
      effects: new Map(),
      effectSteps: [],
      unsafeLines: [],
      runAgain: new Map(),
      markedDone: new Set<string>(),
    }
    const evidence = { dataDir, logFiles: [], now: Date.now(), acknowledged, secrets: [], ...nothing }
    expect(check(evidence)).toEqual([])
  } finally {
    disk.remove()
  }
})
