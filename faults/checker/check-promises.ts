import type Sqlite from 'better-sqlite3'
import type { Evidence, Violation } from './evidence.ts'

type Promised = Pick<Evidence, 'acknowledged' | 'effects' | 'effectSteps' | 'unsafeLines' | 'runAgain' | 'markedDone'>

/** Checks what the world outside saw against the database: what was acknowledged, and what was done. */
export function checkPromises(database: Sqlite.Database, evidence: Promised): Violation[] {
  return [
    ...checkAcknowledged(database, evidence.acknowledged),
    ...checkEffects(database, evidence),
    ...checkUnsafe(evidence),
  ]
}

/** Every 2xx id is stored, with what was sent; and one id of a sender is one event. */
function checkAcknowledged(database: Sqlite.Database, acknowledged: Evidence['acknowledged']): Violation[] {
  const find = database.prepare<[string], { data: string }>('SELECT data FROM trigger_event WHERE id = ?')
  const violations: Violation[] = []
  const eventOf = new Map<string, string>()
  for (const { eventId, path, n, senderId } of acknowledged) {
    const stored = find.get(eventId)
    if (stored === undefined) {
      violations.push({ rule: 'lost-event', message: `${eventId} (number ${n} to ${path}) was answered 2xx` })
    } else if (!stored.data.includes(`"n":${n},`) && !stored.data.includes('"$blob"')) {
      violations.push({ rule: 'changed-event', message: `${eventId} does not hold number ${n}` })
    }
    if (senderId === null) continue
    const name = `${path} ${senderId}`
    const first = eventOf.get(name) ?? eventId
    eventOf.set(name, first)
    if (first !== eventId) {
      violations.push({ rule: 'repeat-not-recognised', message: `${name} is ${first} and ${eventId}` })
    }
  }
  return violations
}

/** What the target did was asked by a run that is known, and what a run says is done was done. */
function checkEffects(database: Sqlite.Database, { effects, effectSteps, markedDone }: Promised): Violation[] {
  const violations: Violation[] = []
  const hasRun = database.prepare('SELECT 1 FROM run WHERE id = ?')
  for (const { key, path } of effects.values()) {
    const [runId] = key.split(':')
    if (hasRun.get(runId) !== undefined) continue
    violations.push({ rule: 'effect-without-run', message: `${key} reached ${path}` })
  }
  const names = JSON.stringify(effectSteps)
  // A replay takes finished steps over from the run before, so its own have no effect of theirs.
  const done = database.prepare<[string], { runId: string; stepId: string; scope: string }>(
    `SELECT run_id AS runId, step_id AS stepId, scope FROM step_run JOIN run ON run.id = run_id
      WHERE step_run.state = 'succeeded' AND replay_of_run_id IS NULL 
        AND step_id IN (SELECT value FROM json_each(?))`,
  )
  for (const at of done.iterate(names)) {
    const key = keyOf(at)
    if (effects.has(key) || markedDone.has(at.runId)) continue
    violations.push({ rule: 'done-without-effect', message: `${key} is said to have succeeded` })
  }
  // A test that stands before a step has not done it.
  const standing = database.prepare<[string], { runId: string; stepId: string; scope: string }>(
    `SELECT run_id AS runId, step_id AS stepId, scope FROM step_run JOIN test_run USING (run_id)
      WHERE state = 'waiting' AND wait_for IS NULL AND paused_until IS NOT NULL
        AND step_id IN (SELECT value FROM json_each(?))`,
  )
  for (const at of standing.iterate(names)) {
    if (!effects.has(keyOf(at))) continue
    violations.push({ rule: 'done-while-it-stood-before-it', message: `${keyOf(at)} reached the target` })
  }
  return violations
}

const keyOf = ({ runId, stepId, scope }: { runId: string; stepId: string; scope: string }): string =>
  `${runId}:${stepId}${scope === '' ? '' : `:${scope}`}`

/** A step that is unsafe to repeat is repeated only when a person says so. */
function checkUnsafe({ unsafeLines, runAgain }: Promised): Violation[] {
  const written = new Map<string, number>()
  for (const runId of unsafeLines) written.set(runId, (written.get(runId) ?? 0) + 1)
  return [...written].flatMap(([runId, times]) => {
    const allowed = 1 + (runAgain.get(runId) ?? 0)
    return times <= allowed
      ? []
      : [{ rule: 'unsafe-step-repeated', message: `${runId} wrote ${times} times, ${allowed} were allowed` }]
  })
}
