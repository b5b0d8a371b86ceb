import {
  type FleetHappening,
  type FleetMember,
  type FleetRun,
  type Fleet as FleetValue,
  fleetRunSchema,
} from '../contract/fleet-values.ts'
import { runDetailSchema } from '../contract/run-values.ts'
import { listCredentials } from '../db/credentials.ts'
import { countRelayed } from '../db/relayed-messages.ts'
import { listZaps } from '../db/zaps.ts'
import type { Fleet } from '../fleet/fleet-host.ts'
import { LogError } from '../fleet/log.ts'
import { toIso } from './run-view.ts'
import { type FleetServices, procedures } from './services.ts'

const ALONE = 'This host stands alone: start it with --fleet URL and --name NAME to join others.'

/** The hosts that are joined by a log, and what is asked of them. */
export function fleetProcedures(services: FleetServices) {
  const { fleet, database } = services

  /** Does something with the fleet; refusals are sentences for a person. */
  async function withFleet<T>(
    errors: { CONFLICT(options: { message: string }): Error },
    work: (fleet: Fleet) => Promise<T>,
  ): Promise<T> {
    if (fleet === undefined) throw errors.CONFLICT({ message: ALONE })
    try {
      return await work(fleet)
    } catch (error) {
      throw errors.CONFLICT({ message: error instanceof Error ? error.message : String(error) })
    }
  }

  async function runsOf(host: string, limit: number): Promise<{ runs: FleetRun[]; isMissing: boolean }> {
    const answer = await fleet?.askRuns(host, 'list', { limit }).catch((error: unknown) => {
      if (error instanceof LogError || (error instanceof Error && error.name === 'NotHereError')) return null
      throw error
    })
    const isMissing = answer === null || answer === undefined
    const runs = isMissing ? (fleet?.lastRunsOf(host) ?? []) : isRunList(answer) ? answer.runs : []
    return { runs: runs.flatMap((run) => fleetRunSchema.safeParse({ ...Object(run), host }).data ?? []), isMissing }
  }

  return {
    get: procedures.fleet.get.handler(async () => {
      if (fleet === undefined) return null
      const names = new Map((await listZaps(database.reader)).map((zap) => [zap.id, zap.name]))
      const all = (await listCredentials(database.reader)).map(({ name }) => name)
      const value = fleetValue(fleet, names, all)
      // The others are as they said last; this one is as it is now.
      const { outgoing, relayed } = await countRelayed(database.reader)
      return { ...value, members: value.members.map((one) => (one.isSelf ? { ...one, outgoing, relayed } : one)) }
    }),

    runs: procedures.fleet.runs.handler(({ input: { limit, before }, errors }) =>
      withFleet(errors, async ({ view }) => {
        const hosts = view.members().map(({ doc }) => doc.name)
        const answers = await Promise.all(hosts.map(async (host) => ({ host, ...(await runsOf(host, limit)) })))
        const runs = answers
          .flatMap((answer) => answer.runs)
          .filter(({ startedAt }) => before === undefined || startedAt < before)
          .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        return {
          runs: runs.slice(0, limit),
          missing: answers.filter(({ isMissing }) => isMissing).map(({ host }) => host),
        }
      }),
    ),

    run: procedures.fleet.run.handler(({ input: { host, id }, errors }) =>
      withFleet(errors, async (joined) => runDetailSchema.parse(await joined.askRuns(host, 'get', { id }))),
    ),

    drain: procedures.fleet.drain.handler(({ input: { host, on }, errors }) =>
      withFleet(errors, async (joined) => {
        await joined.drain(host, on)
        return { ok: true as const }
      }),
    ),

    remove: procedures.fleet.remove.handler(({ input: { host }, errors }) =>
      withFleet(errors, async (joined) => {
        await joined.remove(host)
        return { ok: true as const }
      }),
    ),

    share: procedures.fleet.share.handler(({ input: { credential, shared }, errors }) =>
      withFleet(errors, async (joined) => {
        await joined.share(credential, shared)
        services.signals.emit('fleet:changed')
        return { ok: true as const }
      }),
    ),
  }
}

function isRunList(answer: unknown): answer is { readonly runs: readonly unknown[] } {
  return typeof answer === 'object' && answer !== null && 'runs' in answer && Array.isArray(answer.runs)
}

function fleetValue(
  { view, name, namespace, roles }: Fleet,
  names: ReadonlyMap<string, string>,
  all: string[],
): FleetValue {
  const members = view.members()
  const { facts, lag, asOf } = view.log()
  const problem = view.problem()
  const added = members.flatMap(({ doc, isGone }) => (isGone || doc.addedMs === null ? [] : [doc.addedMs]))
  return {
    self: name,
    fleet: namespace,
    roles: [...roles],
    state: view.state(),
    problem: problem && { code: problem.error.code, message: problem.error.message, since: toIso(problem.since) },
    log: {
      kind: view.kind,
      address: view.address,
      asOf: asOf === null ? null : toIso(asOf),
      version: facts?.version ?? null,
      brokersUp: facts?.brokersUp ?? 0,
      brokers: facts?.brokers ?? 0,
      partitions: facts?.partitions ?? null,
      roundTripMs: facts?.roundTripMs ?? 0,
      ...lag,
      perSecond: members.reduce((sum, { doc, isGone }) => sum + (isGone ? 0 : doc.takenIn), 0),
      addedMs: added.length === 0 ? null : (added.toSorted((a, b) => a - b)[Math.floor(added.length / 2)] ?? null),
    },
    members: members.map((member) => memberValue(member, names, view.state() === 'alone')),
    happened: view.happened().map((happening): FleetHappening => ({ ...happening, at: toIso(happening.at) })),
    credentials: {
      hasKey: view.credentials.hasKey,
      shared: [...view.credentials.names()],
      all,
      problem: view.credentials.problem(),
    },
    zaps: [...view.origins()].map(([id, by]) => ({ id, by })),
  }
}

function memberValue(
  { doc, isSelf, isOlder, isGone, owns, seenAt }: ReturnType<Fleet['view']['members']>[number],
  names: ReadonlyMap<string, string>,
  isCutOff: boolean,
): FleetMember {
  const { name, version, roles, address, lag, running, minutes, outgoing, relayed, oldestMs } = doc
  return {
    ...{ name, isSelf, version, isOlder, roles, address, owns, outgoing, relayed, oldestMs, minutes },
    state: isCutOff && !isSelf ? 'unknown' : isGone && !isSelf ? 'gone' : doc.isDraining ? 'draining' : 'connected',
    lag: isGone ? 0 : lag,
    running: isGone ? 0 : running,
    // The last minute is under way.
    runsAMinute: isGone ? 0 : (minutes.at(-2) ?? 0),
    takenInASecond: isGone ? 0 : doc.takenIn,
    seenMs: Math.max(0, Math.round(performance.now() - seenAt)),
    lacks: doc.lacks.map(({ credential, zaps }) => ({
      credential,
      zaps: zaps.map((id) => ({ id, name: names.get(id) ?? id })),
    })),
  }
}
