import { setTimeout as pause } from 'node:timers/promises'
import type { ControlClient } from '../../e2e/fixtures/control-client.ts'
import type { Scene } from './operation.ts'
import { allowAgain } from './operations.ts'
import { goOn, pausedTests } from './test-operations.ts'

/** Milliseconds in which everything that can go on has come to its end. */
const DRAIN_MS = 120_000

/** A question out of so many is left open: a run that waits for a person is told from one that is forgotten. */
const KEPT_OPEN = 4

/**
 * Lets everything come to its end, as a person would who answers what Hookline asks. Gives why it did not, or null.
 */
export async function drain(client: ControlClient, scene: Scene): Promise<string | null> {
  await client.system.setPaused({ paused: false })
  for (const [name, id] of scene.zapIds) await client.zaps.setEnabled({ id, enabled: name !== 'tick' })
  const deadline = performance.now() + DRAIN_MS
  for (;;) {
    const left = await look(client, scene)
    if (left === null) return null
    if (performance.now() > deadline) return left
    await pause(100)
  }
}

/** Answers what is asked; null when only questions are left that are kept open on purpose. */
async function look(client: ControlClient, scene: Scene): Promise<string | null> {
  const reviews = await client.runs.list({ status: 'needs-review', limit: 500 })
  for (const { id } of reviews.runs) {
    allowAgain(scene.record, id)
    await client.runs.resolve({ id, choice: 'run-again' })
  }
  const questions = await client.approvals.list()
  for (const { runId, step, scope } of questions.slice(questions.length / KEPT_OPEN)) {
    await client.approvals.decide({ runId, step, scope, decision: 'approved' })
  }
  // The newest is left where it stands, as one that nobody goes on with.
  const [, ...paused] = await pausedTests(client)
  for (const { id } of paused) await goOn(client, id, 'breakpoints').catch(() => undefined)
  const waiting = await client.runs.list({ status: 'waiting', limit: 500 })
  // What began while the clock was ahead would wait until then.
  const soon = Date.now() + 5_000
  for (const { id, waitsFor, resumesAt } of waiting.runs) {
    const isFar = resumesAt !== null && Date.parse(resumesAt) > soon
    if (isFar && waitsFor !== 'person' && waitsFor !== 'pause')
      await client.runs.resumeNow({ id }).catch(() => undefined)
  }
  const open = await client.approvals.list()
  const { pending, leased } = await client.outbox.stats()
  const isQuiet = leased === 0 && pending <= open.length && reviews.runs.length === 0 && paused.length === 0
  return isQuiet
    ? null
    : `${pending} messages are pending and ${leased} leased, ${open.length} of them for a person; ${paused.length} tests stand`
}
