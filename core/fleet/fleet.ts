import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { TriggerKind } from '../connectors/trigger-sources.ts'
import type { BlobStore } from '../db/blobs.ts'
import type { Database } from '../db/open.ts'
import { countRelayed } from '../db/relayed-messages.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import type { SecretBox } from '../domain/host/adapters.ts'
import { hostNameProblem } from '../domain/host/fleet-name.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import type { Throughput } from '../engine/throughput.ts'
import type { Outbox, Relay } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import { createConnection } from './connection.ts'
import { createDueTimes, type DueTimes } from './due-times.ts'
import { createHappenings } from './happenings.ts'
import { createFleetValues } from './large-values.ts'
import { type FleetLog, LogError, type Watch } from './log.ts'
import { readLogAddress } from './log-address.ts'
import { FLEET_TIMES, type FleetOptions, type FleetRole } from './options.ts'
import { createOwnership } from './ownership.ts'
import { createPost } from './post.ts'
import { createPresence, type MemberFacts } from './presence.ts'
import { type Answers, answerQuestion, ask, writeSenderAnswer } from './questions.ts'
import { decode, letterSchema, type SentEvent } from './records.ts'
import { createRelay } from './relay.ts'
import { createRunSummaries } from './run-summaries.ts'
import { createSharedCredentials } from './shared-credentials.ts'
import { createFleetView, type FleetView } from './view.ts'
import { createWorker, NotHereError } from './worker.ts'
import { createFleetZaps } from './zaps.ts'

/** This host's part in a fleet. Nothing of it works before `join`, and the log need never answer for the host to go on. */
export type Fleet = {
  readonly relay: Relay
  /** Whether this host keeps triggers of a kind for a zap: what comes from outside on every host that takes in, what happens by itself on one. */
  keeps(kind: TriggerKind, zapId: string): boolean
  readonly dueTimes: DueTimes['sharing']
  /** Hands a step's answer to the host that holds the request of its run. False when no such host is known. */
  answerSender(runId: string, answer: SenderAnswer): boolean
  /** Everything that it needs is there. */
  join(host: FleetHost): void
  /** Takes nothing more from the log. */
  withdraw(): Promise<void>
  stop(): Promise<void>
  readonly view: FleetView
  readonly name: string
  readonly namespace: string
  readonly roles: readonly FleetRole[]
  /** What a host that does not answer told of its runs last. */
  lastRunsOf(host: string): readonly Json[]
  /** Asks a host about its runs, as its contract answers it. */
  askRuns(host: string, of: 'list' | 'get', input: Json): Promise<Json>
  drain(host: string, on: boolean): Promise<void>
  /** Takes a host that is gone out of the fleet. Rejects with an `Error` for a person. */
  remove(host: string): Promise<void>
  share(credential: string, isShared: boolean): Promise<void>
}

/** What of the host its fleet uses. */
export type FleetHost = {
  readonly outbox: Pick<Outbox, 'accept' | 'resume' | 'slotsUsed'>
  readonly throughput: Throughput
  /** Zaps that are on and of which something happens by itself: schedules, polls, watches, hooks, connections. */
  selfActing(): readonly string[]
  /** Permissions and what is published are others: reads both again. */
  refresh(): Promise<void>
  readonly address: string
  answerRuns(of: 'list' | 'get', input: Json): Promise<Json>
}

const PART_BYTES = 512_000
const HELD_MS = 600_000

/** @throws Error with a sentence for a person, where the options cannot be used whatever the log is. */
export async function createFleet(config: {
  readonly options: FleetOptions
  readonly version: string
  readonly slots: number
  readonly database: Database
  readonly blobs: BlobStore
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly held: {
    has(runId: string): boolean
    answer(runId: string, answer: SenderAnswer): boolean
    release(runId: string): void
  }
  forget(credential: string): void
}): Promise<Fleet> {
  const { options, database, clock, log, signals, held } = config
  const { name, url, roles } = options
  const problem = hostNameProblem(name)
  if (problem !== null) throw new Error(problem)
  const fleet = readLogAddress(url).settings.get('fleet') ?? 'hookline'
  const times = { ...FLEET_TIMES, ...options.times }
  const [isIntake, isWorker] = [roles.includes('intake'), roles.includes('worker')]
  const instance = await readInstance(database)
  let host: FleetHost | undefined
  let isDraining = false
  let watches: Watch[] = []
  let isJoined = false
  let toldAt = performance.now()
  let lastAdded: number | null = null
  /** Where senders wait for the answers of runs here. */
  const holders = new Map<string, string>()

  const changed = (): void => signals.emit('fleet:changed')
  const base = { name, times, database, clock, log, signals }
  const presence = createPresence({ ...base, instance, facts, changed: memberChanged })
  const zaps = createFleetZaps({
    ...base,
    async refresh() {
      await host?.refresh()
      ownership.look()
    },
    changed() {
      ownership.look()
      worker.wake()
      presence.tell()
    },
  })
  const happenings = createHappenings({ name, clock, changed })
  const ownership = createOwnership({
    ...base,
    presence,
    zaps: () => (host?.selfActing() ?? []).filter((zapId) => !zaps.lacks(zapId)),
    isEligible: () => isIntake && !isDraining && presence.rival() === undefined,
    prepare: (zapIds) => dueTimes.adopt(zapIds),
    changed: () => void host?.refresh(),
    handedOver: happenings.handedOver,
  })
  const dueTimes = createDueTimes({ database, clock, log, owns: ownership.owns })
  const values = createFleetValues({ database, blobs: config.blobs })
  const credentials = createSharedCredentials({ ...config, fleet, name, passphrase: options.key })
  const relay = createRelay({
    ...base,
    isIntake,
    isWorker,
    presence,
    versionOf: zaps.versionOf,
    isHeld: held.has,
    release: held.release,
  })
  const post = createPost({ ...base, letterMs: times.letterMs, sent: (letter) => worker.reported(letter) })
  const worker = createWorker({
    ...base,
    slots: config.slots,
    outbox: {
      accept: (...event) => hostNow().outbox.accept(...event),
      resume: (run, change) => hostNow().outbox.resume(run, change),
      slotsUsed: () => host?.outbox.slotsUsed() ?? 0,
    },
    post,
    versionOf,
    dataOf: (event) => orNotHere(() => values.fetch(logNow(), event, event.origin === name)),
    canOthers: (zapId) =>
      presence.members().some(({ doc, isGone }) => {
        const isAble = !isGone && !doc.isDraining && doc.roles.includes('worker')
        return isAble && doc.name !== name && !doc.lacks.some(({ zaps: of }) => of.includes(zapId))
      }),
    held(runId, origin) {
      holders.set(runId, origin)
      clock.after(HELD_MS, () => holders.delete(runId))
    },
    setAside({ id, key, why }) {
      const record = `${id} (${key})`.slice(0, 300)
      log.warn('A record in the fleet’s log is none that Hookline writes; it is set aside, and the others go on.', {
        record,
        why,
      })
      happenings.did({ kind: 'set-aside', at: clock.now(), host: name, record, why: why.slice(0, 500) })
    },
  })
  const connection = createConnection({
    options: { url, fleet, host: name, deliveryMs: times.deliveryMs, log },
    retryMs: times.retryMs,
    clock,
    log,
    opened,
    found(opened) {
      if (isJoined) relay.start(opened)
      presence.tell()
      changed()
    },
    lost: relay.lost,
    changed,
    closing,
  })
  const view = createFleetView({
    options,
    clock,
    log,
    connection,
    presence,
    ownership,
    happenings,
    credentials,
    zaps,
    changed,
  })
  const summaries = createRunSummaries({
    ...base,
    async newest(limit) {
      const answer = await hostNow().answerRuns('list', { limit })
      return z.object({ runs: z.array(z.json()) }).parse(answer).runs
    },
  })

  function hostNow(): FleetHost {
    if (host === undefined) throw new NotHereError('This host is starting.')
    return host
  }

  function logNow(): FleetLog {
    const current = connection.current()
    if (current === undefined) throw new NotHereError('The fleet’s log does not answer.')
    return current
  }

  async function orNotHere<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw error instanceof LogError ? new NotHereError(error.message, { cause: error }) : error
    }
  }

  /** In this order: what the others have is known before this host counts as there, and it is there before it takes anything. */
  async function opened(opened: FleetLog): Promise<void> {
    let notes: Promise<void> = Promise.resolve()
    const state = await opened.state.watch((entry) => {
      notes = notes.then(async () => {
        await zaps.note(entry)
        await dueTimes.note(entry)
        await credentials.note(entry)
        await happenings.note(entry)
        await summaries.note(entry)
      })
    })
    watches.push(state)
    await notes
    await presence.start(opened)
    if (presence.rival() !== undefined) {
      throw new LogError(
        'not-allowed',
        `Another host of the fleet is called "${name}", at ${presence.rival()?.doc.address}. Start one of the two with another --name; the name is free again some seconds after its host has ended.`,
      )
    }
    // Under its own name alone: what is asked of another host is not this one's to answer.
    watches.push(await opened.mail.answer((question) => answerQuestion(question, answers)))
    credentials.start(opened)
    dueTimes.start(opened)
    happenings.start(opened)
    post.start(opened)
    await zaps.start(opened)
    watches.push(await opened.mail.receive(readLetter))
    await ownership.start(opened)
    if (isWorker) await worker.start(opened)
    relay.start(opened)
    view.start(opened)
    summaries.start(opened)
    isJoined = true
  }

  async function readLetter(bytes: Uint8Array): Promise<void> {
    const letter = await decode(letterSchema, bytes).catch((error: unknown) => {
      // It would come again for ever, and hold up all behind it. What it may have said is found out by the next look.
      log.warn('A letter in the fleet’s log cannot be read; it is set aside.', { error: String(error) })
    })
    if (letter !== undefined) await relay.heard(letter)
  }

  async function closing(): Promise<void> {
    isJoined = false
    await view.stop()
    await summaries.stop()
    relay.lost()
    await ownership.stop()
    await worker.stop()
    await post.stop()
    await presence.stop()
    zaps.stop()
    dueTimes.stop()
    credentials.stop()
    happenings.stop()
    await Promise.all(watches.map((watch) => watch.stop().catch(() => undefined)))
    watches = []
  }

  function memberChanged(): void {
    ownership.look()
    view.membersChanged()
    changed()
  }

  async function facts(): Promise<MemberFacts> {
    const counts = await countRelayed(database.reader)
    const { takenIn, addedMs } = relay.lately()
    const now = performance.now()
    const rate = Math.round((takenIn / Math.max(1, now - toldAt)) * 10_000) / 10
    toldAt = now
    lastAdded = addedMs ?? lastAdded
    const minutes = host?.throughput.lastHour().minutes ?? []
    const running = host?.outbox.slotsUsed() ?? 0
    return {
      version: config.version,
      roles: [...roles],
      address: host?.address ?? '',
      isDraining,
      running,
      lag: Math.max(0, worker.load() - running),
      minutes: minutes.map(({ succeeded, failed }) => succeeded + failed),
      takenIn: rate,
      outgoing: counts.outgoing,
      relayed: counts.relayed,
      oldestMs: counts.oldestAt === null ? null : Math.max(0, Math.round(clock.now() - counts.oldestAt)),
      lacks: zaps.lacking().map(({ credential, zaps: of }) => ({ credential, zaps: [...of] })),
      shared: [...credentials.names()],
      addedMs: lastAdded,
    }
  }

  async function versionOf(event: SentEvent): Promise<number> {
    const number = await numberOf(event)
    // Of this very version: it may be here before its zap is.
    if (await zaps.lacksFor(event.zap, number))
      throw new NotHereError(`A credential of the zap ${event.zap} is not on this host.`)
    return number
  }

  async function numberOf({ zap, version, hash, origin }: SentEvent): Promise<number> {
    const known = await zaps.numberOf(zap, version, hash)
    if (known !== undefined) return known
    const text = await orNotHere(() => ask(logNow(), origin, { ask: 'version', zap, version }))
    if (typeof text !== 'string') throw new NotHereError(`${origin} has no version ${version} of ${zap}.`)
    return zaps.adopt(zap, version, text)
  }

  const answers: Answers = {
    respond: held.answer,
    version: zaps.textOf,
    event: (event, offset) => values.readEvent(event, offset, PART_BYTES),
    blob: (hash, offset) => values.readBlob(hash, offset, PART_BYTES),
    drain: setDraining,
    runs: (of, input) => hostNow().answerRuns(of, input),
  }

  function setDraining(on: boolean): void {
    isDraining = on
    worker.setDraining(on)
    presence.tell()
    ownership.look()
    changed()
  }

  return {
    relay: { takes: relay.takes, came: relay.came },
    keeps(kind, zapId) {
      if (kind === 'person' || kind === 'failure' || kind === 'table') return true
      if (kind === 'webhook' || kind === 'form') return isIntake
      return ownership.owns(zapId)
    },
    dueTimes: dueTimes.sharing,
    answerSender(runId, answer) {
      const origin = holders.get(runId)
      const current = connection.current()
      if (origin === undefined || current === undefined) return false
      holders.delete(runId)
      ask(current, origin, { ask: 'respond', runId, answer: writeSenderAnswer(answer) }).catch((error: unknown) =>
        log.warn('The answer of a step did not reach the host that holds its request.', {
          run: runId,
          error: String(error),
        }),
      )
      return true
    },
    join(joining) {
      host = joining
      relay.lost()
      connection.start()
    },
    withdraw: worker.stop,
    async stop() {
      await connection.stop()
      await relay.stop()
    },
    view,
    name,
    namespace: fleet,
    roles,
    lastRunsOf: summaries.of,
    async askRuns(to, of, input) {
      if (to === name) return hostNow().answerRuns(of, input)
      return ask(logNow(), to, { ask: 'runs', of, input: JSON.stringify(input) })
    },
    async drain(to, on) {
      if (to === name) setDraining(on)
      else await ask(logNow(), to, { ask: 'drain', on })
    },
    async remove(who) {
      if (who === name) throw new Error('This host cannot remove itself: stop it, and remove it from another.')
      const member = presence.find(who)
      if (member === undefined) throw new Error(`There is no host "${who}" in the fleet.`)
      if (!member.isGone) throw new Error(`The host "${who}" is alive: stop it first, then remove it.`)
      const current = logNow()
      if (!(await presence.fence(who)) || !(await presence.forget(who))) {
        throw new Error(`The host "${who}" has just come back: look again.`)
      }
      await current.mail.discard(who)
      happenings.did({ kind: 'removed', at: clock.now(), host: who })
    },
    share: credentials.share,
  }
}

/** Which data folder this is, so that another one under the same name is known; made when it joins first. */
async function readInstance(database: Database): Promise<string> {
  const stored = await readSetting(database.reader, 'fleetInstance', z.string())
  if (stored !== undefined) return stored
  const made = randomBytes(12).toString('base64url')
  await database.write((tx) => writeSetting(tx, 'fleetInstance', made))
  return made
}
