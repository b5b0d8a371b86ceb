import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fleet } from '../contract/fleet-values.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import { enableZap } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { createFleetFolders } from './folders.ts'
import type { StateEntry } from './log.ts'
import { openNats } from './nats/open-nats.ts'
import { countingTarget, fleetHost, fleetProcess, untilFleet } from './test-fleet.ts'

describe.skipIf(!hasServer.nats)('a folder that hosts of a fleet can see', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())

  test('starts one run for each file, whichever hosts watch it one after the other', { timeout: 120_000 }, async () => {
    const url = `nats://127.0.0.1:${server.port}`
    const folder = temporaryFolder()
    const elsewhere = temporaryFolder()
    const allowed = { allowedFolders: [folder] }
    const target = await countingTarget()
    const names = (): string[] => [...target.keys.values()].map(([request]) => request?.body ?? '').toSorted()
    /** As programs do that want a file to be whole when it is there. */
    const put = (name: string): void => {
      writeFileSync(join(elsewhere, name), name)
      renameSync(join(elsewhere, name), join(folder, name))
    }
    put('a')
    const office = await fleetHost({ url, name: 'office' }, allowed)
    const doomed = await fleetProcess({ url, name: 'doomed' }, [folder])
    await untilFleet(office.client, ({ members }) => members.some(({ name }) => name === 'doomed'))
    await office.client.fleet.drain({ host: 'office' })
    await enableZap(office.client, {
      steps: [
        { id: 'new', uses: 'file.watch', input: { folder, settle: '20ms', existing: 'run' } },
        { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target.url, body: '{{ new.name }}' } },
      ],
      edges: [{ from: 'new', to: 'tell' }],
    })
    await target.until(() => target.keys.size === 1)
    put('b')
    await target.until(() => target.keys.size === 2)
    // Some of these it has stored and could not tell the others of, and some it has not.
    put('c')
    put('d')
    await target.until(() => target.keys.size >= 3)
    await doomed.kill()
    put('e')
    rmSync(join(folder, 'a'))
    await office.client.fleet.drain({ host: 'office', on: false })
    await target.until(() => target.keys.size >= 5)
    // To another one in order, and back to one that has kept the watch before.
    const annex = await fleetHost({ url, name: 'annex' }, allowed)
    await office.client.fleet.drain({ host: 'office' })
    await untilFleet(office.client, owning('annex'))
    put('f')
    await target.until(() => target.keys.size >= 6)
    await office.client.fleet.drain({ host: 'office', on: false })
    await annex.client.fleet.drain({ host: 'annex' })
    await untilFleet(office.client, owning('office'))
    put('g')
    await target.until(() => names().includes('g'))
    expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  })

  test('of many files the last ones are told one by one, and all that were changed before them at once', async () => {
    const url = `nats://127.0.0.1:${server.port}`
    const log = await openNats({
      url,
      fleet: 'many',
      host: 'office',
      deliveryMs: 1_000,
      log: { warn: () => undefined },
    })
    const entries = async (): Promise<StateEntry[]> => {
      const all: StateEntry[] = []
      const watch = await log.state.watch((entry) => all.push(entry))
      await watch.stop()
      return all
    }
    const at = { zapId: 'zap', stepId: 'new' }
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const host = (name: string) => createFleetFolders({ name, clock: systemClock, log: quiet })
    const office = host('office')
    office.start(log)
    const files = Array.from({ length: 2_500 }, (_, n) => ({
      id: `evt_${String(n).padStart(26, '0')}`,
      changedAt: 1_000 + n,
    }))
    office.sharing.begun(at, 'folder')
    for (let n = 0; n < files.length; n += 100) office.sharing.dealt(at, 'folder', files.slice(n, n + 100))
    await office.leave(['zap'])
    const annex = host('annex')
    for (const entry of await entries()) await annex.note(entry)
    const inherited = annex.sharing.inherited(at, 'folder')
    if (inherited === undefined) throw new Error('nothing was told')
    const isDealtWith = ({ id, changedAt }: (typeof files)[number]): boolean =>
      changedAt < inherited.before || inherited.has(id)
    expect(files.filter((file) => !isDealtWith(file))).toEqual([])
    expect(inherited.has('evt_99999999999999999999999999')).toBe(false)
    expect(inherited.before).toBeGreaterThan(1_000)
    expect(annex.sharing.inherited(at, 'another folder')).toBeUndefined()
    // When it keeps the watch itself, it has nothing to inherit.
    annex.start(log)
    annex.sharing.begun(at, 'folder')
    await annex.leave(['zap'])
    expect(annex.sharing.inherited(at, 'folder')).toBeUndefined()
    for (const entry of await entries()) await office.note(entry)
    expect(office.sharing.inherited(at, 'folder')?.has(files.at(-1)?.id ?? '')).toBe(true)
    await log.close()
  })
})

const owning =
  (host: string) =>
  ({ members }: Fleet): boolean =>
    members.some(({ name, owns }) => name === host && owns === 1)
