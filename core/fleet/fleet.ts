import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { BlobStore } from '../db/blobs.ts'
import type { Database } from '../db/open.ts'
import type { SecretBox } from '../domain/host/adapters.ts'
import { hostNameProblem } from '../domain/host/fleet-name.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'
import { createCaughtUp } from './caught-up.ts'
import { createClearance } from './clearance.ts'
import { createConnection } from './connection.ts'
import { createCursors } from './cursors.ts'
import { createDueTimes } from './due-times.ts'
import { eventsHere } from './events-here.ts'
import type { Fleet, FleetHost } from './fleet-host.ts'
import { createFleetKey, pageSecretOf } from './fleet-key.ts'
import { createFleetFolders } from './folders.ts'
import { createHappenings } from './happenings.ts'
import { createHostFacts, readInstance } from './host-facts.ts'
import { createFleetValues, largeValuesOf } from './large-values.ts'
import type { FleetLog, Watch } from './log.ts'
import { readLogAddress } from './log-address.ts'
import { createObjectStore, type ObjectStore } from './object-store.ts'
import { FLEET_TIMES, type FleetOptions } from './options.ts'
import { createOwnership } from './ownership.ts'
import { createFleetPages } from './pages.ts'
import { createPost } from './post.ts'
import { createPresence } from './presence.ts'
import { type Answers, answerQuestion, ask } from './questions.ts'
import { decode, letterSchema } from './records.ts'
import { createRelay } from './relay.ts'
import { createRunSummaries } from './run-summaries.ts'
import { createSharedCredentials } from './shared-credentials.ts'
import { createStoredValues } from './stored-values.ts'
import { createTroubleNotes } from './trouble.ts'
import { createFleetView } from './view.ts'
import { createWaitingSenders } from './waiting-senders.ts'
import { createWorker, NotHereError } from './worker.ts'
import { createFleetZaps } from './zaps.ts'

const PART_BYTES = 512_000

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
  /** The way out to the network. */
  fetch: Parameters<typeof createObjectStore>[0]['fetch']
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

  function changed(): void {
    if (connection.problem() !== null) clearance.unknown()
    noteTrouble()
    signals.emit('fleet:changed')
  }

  const base = { name, times, database, clock, log, signals }
  const presence = createPresence({
    ...{ ...base, instance, session: randomBytes(12).toString('base64url') },
    facts: () => facts(),
    changed: memberChanged,
    displaced: () => connection.leave(clearance.refusal()),
  })
  const clearance = createClearance({ name, rival: presence.rival })
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
    async prepare(zapIds) {
      await caughtUp.now()
      await dueTimes.adopt(zapIds)
      await cursors.adopt(zapIds)
    },
    changed: async () => host?.refresh(),
    async leave(zapIds) {
      await dueTimes.leave()
      await cursors.leave(zapIds)
      await folders.leave(zapIds)
    },
    handedOver: happenings.handedOver,
  })
  const caughtUp = createCaughtUp({ name, clock })
  const dueTimes = createDueTimes({ database, clock, log, owns: ownership.owns })
  const cursors = createCursors({ ...base, owns: ownership.owns })
  const folders = createFleetFolders(base)
  const key = createFleetKey(fleet, options.key)
  const store: ObjectStore | undefined =
    options.store && createObjectStore({ address: options.store, fleet, key, clock, fetch: config.fetch })
  const stored =
    options.store &&
    store &&
    createStoredValues({ store, address: options.store, blobs: config.blobs, database, clock, log, signals })
  const values = createFleetValues({
    ...{ database, blobs: config.blobs, store, isGone },
  })
  const credentials = createSharedCredentials({ ...config, fleet, name, key })
  const relay = createRelay({
    ...base,
    isIntake,
    isWorker,
    presence,
    versionOf: zaps.versionOf,
    isHeld: held.has,
    release: held.release,
    stored,
    mayRunAlone: () => !clearance.isCopy(),
  })
  const pages = createFleetPages({
    ...{ name, presence, connection: () => connection.current() },
    answerHere: async (asked) => hostNow().answerPage(asked),
  })
  const senders = createWaitingSenders({ clock, log, connection: () => connection.current() })
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
    ...eventsHere({ name, zaps, values, connection: logNow }),
    canOthers: presence.canOthers,
    isMember: (host) => presence.find(host) !== undefined,
    took(tx, { event, origin, data, isStored }, text) {
      if (isStored !== true || !isGone(origin)) return
      stored?.took(tx, event, largeValuesOf(text), data === null ? Buffer.byteLength(text, 'utf8') : null)
    },
    held: senders.note,
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
    async emptied() {
      await relay.reset()
      await worker.reset()
      for (const part of [presence, ownership, zaps, dueTimes, cursors, folders, credentials]) part.reset()
    },
    changed,
    closing,
  })
  const facts = createHostFacts({
    ...{ version: config.version, roles, database, clock, relay, worker, zaps, credentials },
    host: () => host,
    isDraining: () => isDraining,
  })
  const noteTrouble = createTroubleNotes({ ...base, presence, problem: connection.problem })
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

  function isGone(host: string): boolean {
    return presence.find(host)?.isGone !== false
  }

  function hostNow(): FleetHost {
    if (host === undefined) throw new NotHereError('This host is starting.')
    return host
  }

  function logNow(): FleetLog {
    const current = connection.current()
    if (current === undefined) throw new NotHereError('The fleet’s log does not answer.')
    return current
  }

  /** In this order: what the others have is known before this host counts as there, and it is there before it takes anything. */
  async function opened(opened: FleetLog): Promise<void> {
    let notes: Promise<void> = Promise.resolve()
    const state = await opened.state.watch((entry) => {
      notes = notes.then(async () => {
        await zaps.note(entry)
        await dueTimes.note(entry)
        await cursors.note(entry)
        await folders.note(entry)
        await credentials.note(entry)
        await happenings.note(entry)
        await summaries.note(entry)
        await caughtUp.note(entry)
      })
    })
    watches.push(state)
    await notes
    await presence.start(opened)
    if (presence.rival() !== undefined) throw clearance.refusal()
    clearance.joined()
    // Under its own name alone: what is asked of another host is not this one's to answer.
    watches.push(await opened.mail.answer((question) => answerQuestion(question, answers)))
    credentials.start(opened)
    dueTimes.start(opened)
    cursors.start(opened)
    folders.start(opened)
    caughtUp.start(opened)
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
    cursors.stop()
    folders.stop()
    caughtUp.stop()
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

  const answers: Answers = {
    respond: held.answer,
    version: zaps.textOf,
    event: (event, offset) => values.readEvent(event, offset, PART_BYTES),
    blob: (hash, offset) => values.readBlob(hash, offset, PART_BYTES),
    drain: setDraining,
    runs: (of, input) => hostNow().answerRuns(of, input),
    page: pages.answer,
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
    cursors: cursors.sharing,
    folders: folders.sharing,
    answerSender: senders.answer,
    join(joining) {
      host = joining
      relay.lost()
      stored?.start()
      connection.start()
      clock.after(times.aloneMs, clearance.unknown)
    },
    cleared: clearance.cleared,
    withdraw: () => connection.ending(worker.stop()),
    async stop() {
      await connection.stop()
      await relay.stop()
      await stored?.stop()
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
    pageSecret: key && (await pageSecretOf(key)),
    elsewhere: pages.elsewhere,
  }
}
