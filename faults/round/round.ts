import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ControlClient } from '../../e2e/fixtures/control-client.ts'
import { check, RULES } from '../checker/check.ts'
import type { Violation } from '../checker/evidence.ts'
import { type FaultTarget, startFaultTarget } from '../fault-target.ts'
import { createRandom, type Random } from '../random.ts'
import { drain } from './drain.ts'
import { type HostUnderTest, superviseHost } from './host-under-test.ts'
import { type Injection, PROCESS_FAULTS, WORLD_FAULTS } from './injections.ts'
import type { Scene } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { createRecord } from './record.ts'
import { CREDENTIALS, EFFECT_STEPS, zapsUnderTest } from './zaps-under-test.ts'

export type RoundResult = {
  readonly violations: readonly Violation[]
  /** What was done, how often. */
  readonly counts: ReadonlyMap<string, number>
  readonly kills: number
  /** Events whose sender heard that they are stored. */
  readonly accepted: number
  readonly duplicates: number
  readonly effects: number
  readonly logFile: string
}

/** What is checked of a round: what it leaves behind, and how the host behaved meanwhile. */
export const ROUND_RULES: readonly string[] = [...RULES, 'host', 'target', 'not-drained', 'harness']

/** Operations under way at once. */
const SIDE_BY_SIDE = 12

/** Milliseconds between one fault and the next, at most. */
const LONGEST_PEACE_MS = 2_000

/** Runs one round in an empty folder: operations and faults for so many milliseconds, then a restart, a drain, and the check. */
export async function runRound(options: { seed: number; ms: number; folder: string }): Promise<RoundResult> {
  const { seed, ms, folder } = options
  mkdirSync(folder, { recursive: true })
  const logFile = join(folder, 'operations.log')
  const record = createRecord(logFile)
  const target = await startFaultTarget()
  const host = await superviseHost(folder, record)
  const secrets = { sender: `sender-${seed}-kept-to-itself`, target: `target-${seed}-kept-to-itself` }
  const scene: Scene = { folder, targetPort: target.port, secrets, record, zapIds: new Map(), count: 0 }
  const failures: Violation[] = []
  try {
    await prepare((await host.up()).client, scene)
    await play(seed, { host, target, scene, until: performance.now() + ms })
    record.log('the last restart')
    target.behave('good')
    host.pretend({})
    await host.restart()
    const left = await drain((await host.up()).client, scene)
    if (left !== null) failures.push({ rule: 'not-drained', message: left })
  } catch (error) {
    failures.push({ rule: 'harness', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  } finally {
    await host.stop().catch((error: unknown) => failures.push({ rule: 'harness', message: String(error) }))
    await target.close()
  }
  const { acknowledged, runAgain, markedDone, counts, duplicates } = record
  const linesFile = join(host.dataDir, 'files', 'lines.txt')
  const violations = check({
    dataDir: host.dataDir,
    logFiles: [join(folder, 'host.log'), logFile],
    now: Date.now(),
    acknowledged,
    effects: target.effects,
    effectSteps: EFFECT_STEPS,
    unsafeLines: existsSync(linesFile) ? readFileSync(linesFile, 'utf8').split('\n').filter(Boolean) : [],
    runAgain,
    markedDone,
    secrets: Object.values(secrets),
  })
  const told = [
    ...host.complaints.map((message) => ({ rule: 'host', message })),
    ...target.complaints.map((message) => ({ rule: 'target', message })),
  ]
  return {
    violations: [...failures, ...told, ...violations],
    counts,
    kills: host.kills,
    accepted: new Set(acknowledged.map(({ eventId }) => eventId)).size,
    duplicates,
    effects: target.effects.size,
    logFile,
  }
}

async function prepare(client: ControlClient, scene: Scene): Promise<void> {
  for (const key of ['sender', 'target'] as const) {
    await client.credentials.set({ name: CREDENTIALS[key], secret: scene.secrets[key], type: 'secret' })
  }
  const files = Object.entries(zapsUnderTest(scene.targetPort)).map(([file, content]) => ({ file, content }))
  // One that is called has to be there before its caller.
  const { zaps } = await client.zaps.import({ files, enable: true })
  for (const { id, name, status } of zaps) {
    if (id === null || status !== 'enabled') throw new Error(`the zaps were not taken: ${JSON.stringify(zaps)}`)
    scene.zapIds.set(name, id)
  }
}

type Stage = {
  readonly host: HostUnderTest
  readonly target: FaultTarget
  readonly scene: Scene
  readonly until: number
}

/**
 * Does what chance says, until the time is over: operations side by side, and meanwhile faults of the process one after the other, and
 * of the world around it.
 */
async function play(seed: number, stage: Stage): Promise<void> {
  // Each has its own chance, so that the one chooses the same however long the other takes.
  await Promise.all([
    operate(createRandom(seed), stage),
    injectFaults(PROCESS_FAULTS, createRandom(seed ^ 0x5eed), stage),
    injectFaults(WORLD_FAULTS, createRandom(seed ^ 0xfa17), stage),
  ])
}

async function operate(random: Random, { host, scene, until }: Stage): Promise<void> {
  const { record } = scene
  const underWay = new Set<Promise<void>>()
  while (performance.now() < until) {
    const { name, plan } = random.pickWeighted(OPERATIONS)
    const work = plan(random, scene)
    record.count(`operation: ${name}`)
    const done = host
      .up()
      .then(work)
      .then(
        () => record.log(`done: ${name}`),
        // Whoever talks to a process that dies hears nothing, and what changed meanwhile may forbid the rest.
        (error: unknown) => record.log(`not done: ${name}: ${error instanceof Error ? error.message : String(error)}`),
      )
    underWay.add(done)
    void done.finally(() => underWay.delete(done))
    while (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay)
  }
  await Promise.all(underWay)
}

async function injectFaults(
  faults: readonly Injection[],
  random: Random,
  { host, target, scene, until }: Stage,
): Promise<void> {
  const { record } = scene
  while (performance.now() < until) {
    await pause(random.between(0, LONGEST_PEACE_MS))
    const { name, plan } = random.pickWeighted(faults)
    const { details, inject } = plan(random)
    record.count(`fault: ${name}`)
    record.log(`fault: ${name} ${details}`)
    await inject({ host, target }).then(
      () => record.log(`fault over: ${name}`),
      (error: unknown) => record.log(`fault without effect: ${name}: ${String(error)}`),
    )
  }
}
