import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog, RegisterEntry, Revision, Watch } from './log.ts'
import { type MemberDoc, type MemberFacts, memberSchema } from './member-doc.ts'
import type { FleetTimes } from './options.ts'
import { decode, encode } from './records.ts'

export type Member = {
  readonly doc: MemberDoc
  readonly revision: Revision
  /** On this host's monotonic clock. */
  readonly seenAt: number
  readonly isGone: boolean
}

export type Presence = {
  /** Watches the others, and begins to show signs of life. */
  start(log: FleetLog): Promise<void>
  stop(): Promise<void>
  /** The log is another: revisions begin anew. */
  reset(): void
  /** Whether what this host owns is still its own. */
  isAlive(): boolean
  stay(): number
  members(): readonly Member[]
  find(name: string): Member | undefined
  /** Makes sure that a host that is gone cannot come back unnoticed. True when it is so. */
  fence(name: string): Promise<boolean>
  /** Takes a host out of the fleet. False when it is alive. */
  forget(name: string): Promise<boolean>
  /** Whether another host is there that works, and could run this zap. */
  canOthers(zapId: string): boolean
  /** Another host that has this name, or works with a copy of this folder: this one takes no part. Undefined when there is none. */
  rival(): { readonly member: Member; readonly isCopy: boolean } | undefined
  /** Says how it is at once, not at the next sign of life. */
  tell(): void
  /** Milliseconds until the next host may be gone; undefined where none can be. */
  nextEnd(): number | undefined
}

const KEY = 'host/'

/**
 * Signs of life without comparing clocks: this host counts itself alive from the moment at which it sent the last sign that arrived; of the others it
 * counts from when it saw the last one. What is seen was sent before, so of two hosts none counts another gone that counts itself alive.
 */
export function createPresence(config: {
  readonly name: string
  readonly instance: string
  readonly session: string
  readonly times: FleetTimes
  readonly clock: Clock
  readonly log: Log
  facts(): Promise<MemberFacts>
  /** Members came, went, or say something else; or this host is alive, or not any more. */
  changed(): void
  /** Another host has taken the place of this one while it was away. */
  displaced(): void
}): Presence {
  const { name, instance, session, times, clock, log } = config
  const seen = new Map<string, { doc: MemberDoc; revision: Revision; seenAt: number; storedAt: number }>()
  /** Of this very folder: this process, and those before it that live no more. */
  const own = new Set([session])
  let answered = (): void => undefined
  let connection: FleetLog | undefined
  let watch: Watch | undefined
  let stay = 0
  let aliveUntil = 0
  let cancelTimer = (): void => undefined
  let cancelEnd = (): void => undefined
  let isTelling: Promise<void> | undefined
  let reading: Promise<void> = Promise.resolve()

  const isGone = ({ doc, seenAt }: { doc: MemberDoc; seenAt: number }): boolean =>
    doc.isFenced || performance.now() - seenAt > times.leaseMs + times.marginMs
  const isOther = (doc: MemberDoc): boolean =>
    doc.instance !== instance || (doc.session !== undefined && !own.has(doc.session))

  async function note(entry: RegisterEntry, seenAt: number): Promise<void> {
    if (!entry.key.startsWith(KEY)) return
    const who = entry.key.slice(KEY.length)
    const known = seen.get(who)
    if (known !== undefined && known.revision >= entry.revision) return
    if (entry.bytes === null) {
      seen.delete(who)
      config.changed()
      return
    }
    try {
      const doc = await decode(memberSchema, entry.bytes)
      // That others fenced it, or ask for it, is no sign of its own, and that it has ended is its last.
      const isSign = !doc.isFenced && doc.knock === undefined && doc.hasLeft !== true
      const { revision, storedAt } = entry
      seen.set(who, { doc, revision, storedAt, seenAt: isSign ? seenAt : (known?.seenAt ?? seenAt) })
      if (who === name) {
        if (!isOther(doc) && doc.isFenced) end()
        // What is being told may be told too late.
        if (doc.session === session && doc.knock !== undefined) void Promise.resolve(isTelling).then(tell)
        answered()
      }
    } catch {
      // Of another format: it is there, and that is all that can be said.
      if (known !== undefined) seen.set(who, { ...known, revision: entry.revision, seenAt })
    }
    config.changed()
  }

  function end(): void {
    aliveUntil = 0
    cancelEnd()
  }

  async function beat(): Promise<void> {
    if (connection === undefined) return
    const mine = seen.get(name)
    if (rival() !== undefined) {
      end()
      config.changed()
      if (hasJoined) config.displaced()
      return
    }
    const wasAlive = isAlive()
    const next = wasAlive ? stay : Math.max(stay, mine?.doc.stay ?? 0) + 1
    const doc: MemberDoc = { ...(await config.facts()), name, instance, session, stay: next, isFenced: false }
    const bytes = await encode(doc)
    const sentAt = performance.now()
    const revision = await connection.registers.swap(KEY + name, mine?.revision ?? 0, bytes)
    // Another was first: what it wrote comes by the watch.
    if (revision === null) return
    stay = next
    aliveUntil = sentAt + times.leaseMs
    const known = seen.get(name)
    if (known === undefined || known.revision < revision)
      seen.set(name, { doc, revision, seenAt: sentAt, storedAt: known?.storedAt ?? 0 })
    hasJoined = true
    cancelEnd()
    cancelEnd = clock.after(times.leaseMs - (performance.now() - sentAt), config.changed)
    if (!wasAlive) config.changed()
  }

  function isAlive(): boolean {
    return performance.now() < aliveUntil
  }

  /** The last sign of life did not go out. */
  let isUntold = false

  function tell(): Promise<void> {
    cancelTimer()
    isTelling ??= beat()
      .then(
        () => {
          isUntold = false
        },
        (error: unknown) => {
          // It is tried again in a moment: said once, and not each time.
          if (!isUntold)
            log.warn(
              `This host could not show the fleet that it lives: ${error instanceof Error ? error.message : String(error)}`,
            )
          isUntold = true
        },
      )
      .finally(() => {
        isTelling = undefined
        if (connection !== undefined) cancelTimer = clock.after(times.leaseMs / 3, () => void tell())
      })
    return isTelling
  }

  /** This host has shown a sign of life since the log was opened. */
  let hasJoined = false

  function rival(): { readonly member: Member; readonly isCopy: boolean } | undefined {
    const mine = seen.get(name)
    if (mine !== undefined && isOther(mine.doc) && mine.doc.hasLeft !== true && !isGone(mine))
      return { member: { ...mine, isGone: false }, isCopy: mine.doc.instance === instance }
    for (const one of seen.values()) {
      const { doc } = one
      if (doc.name === name || doc.instance !== instance || doc.hasLeft === true || isGone(one)) continue
      // Of two that came at once the one whose name comes first stays; else the one that was there.
      if (!isAlive() || name > doc.name) return { member: { ...one, isGone: false }, isCopy: true }
    }
    return undefined
  }

  /**
   * This folder was in use under this name: by a process that has ended without a word, or by one that lives, with the original of a copy. That one hears the
   * knock, and answers at once.
   */
  async function knock(): Promise<void> {
    const mine = seen.get(name)
    if (connection === undefined || mine === undefined) return
    const { doc, storedAt } = mine
    const other = doc.session
    if (doc.instance !== instance || other === undefined || own.has(other)) return
    if (doc.hasLeft === true || isGone(mine)) {
      own.add(other)
      return
    }
    const bytes = await encode({ ...doc, knock: session } satisfies MemberDoc)
    const revision = await connection.registers.swap(KEY + name, mine.revision, bytes)
    const heard = Promise.withResolvers<boolean>()
    answered = () => {
      const now = seen.get(name)
      if (now === undefined) return
      if (now.revision > (revision ?? mine.revision))
        heard.resolve(now.doc.session === other && now.doc.knock === undefined)
      // The broker tells how long it is since its last sign.
      else if (now.storedAt - storedAt > times.leaseMs + times.marginMs) heard.resolve(false)
    }
    answered()
    const cancel = clock.after(2 * times.marginMs, () => heard.resolve(false))
    const isThere = await heard.promise
    cancel()
    answered = () => undefined
    if (!isThere) own.add(other)
  }

  const membersNow = (): Member[] => [...seen.values()].map((one) => ({ ...one, isGone: isGone(one) }))

  /** Says that this process has ended, so that the next one need not knock. */
  async function leave(): Promise<void> {
    const mine = seen.get(name)
    if (mine === undefined || !isAlive() || mine.doc.session !== session) return
    await replace(name, { ...mine.doc, hasLeft: true })
  }

  async function replace(who: string, doc: MemberDoc | null): Promise<boolean> {
    const member = seen.get(who)
    if (member === undefined || connection === undefined) return false
    const bytes = doc === null ? null : await encode(doc)
    const revision = await connection.registers.swap(KEY + who, member.revision, bytes)
    if (revision === null) return false
    if (doc === null) seen.delete(who)
    else seen.set(who, { ...member, doc, revision })
    config.changed()
    return true
  }

  return {
    async start(opened) {
      connection = opened
      watch = await opened.registers.watch((entry) => {
        const seenAt = performance.now()
        // One after the other: an older entry that takes longer to read must not undo a newer one.
        reading = reading.then(() => note(entry, seenAt))
      })
      await reading
      await knock()
      await tell()
    },
    async stop() {
      cancelTimer()
      cancelEnd()
      await isTelling
      await leave().catch(() => undefined)
      hasJoined = false
      await watch?.stop()
      connection = undefined
      watch = undefined
      aliveUntil = 0
    },
    reset: () => seen.clear(),
    isAlive,
    stay: () => stay,
    members: membersNow,
    find(who) {
      const found = seen.get(who)
      return found && { ...found, isGone: isGone(found) }
    },
    async fence(who) {
      const member = seen.get(who)
      if (member === undefined || member.doc.isFenced) return true
      if (!isGone(member)) return false
      return replace(who, { ...member.doc, isFenced: true, stay: member.doc.stay + 1 })
    },
    async forget(who) {
      const member = seen.get(who)
      if (member === undefined) return true
      return isGone(member) && replace(who, null)
    },
    canOthers: (zapId) =>
      membersNow().some(({ doc, isGone: hasGone }) => {
        const isAble = !hasGone && !doc.isDraining && doc.roles.includes('worker')
        return isAble && doc.name !== name && !doc.lacks.some(({ zaps }) => zaps.includes(zapId))
      }),
    rival,
    tell: () => void tell(),
    nextEnd() {
      const ends = membersNow().flatMap((one) => (one.isGone ? [] : [one.seenAt + times.leaseMs + times.marginMs]))
      return ends.length === 0 ? undefined : Math.max(1, Math.min(...ends) - performance.now() + 1)
    },
  }
}
