import type { Attempt, RunDetail, StepRun } from '../../core/contract/values.ts'

/** Characters of a value at most; `--json` has all of it. */
const SHOWN_CHARS = 200

/** A run as a person reads it in a terminal, line by line: how it stands, and each step with what went in, what came out, and its attempts. */
export function runText({ run, steps }: Pick<RunDetail, 'run' | 'steps'>): string[] {
  const width = Math.max(...steps.map((step) => placeOf(step).length))
  const lines = [`${run.id}  ${run.shownAs}  ${run.zapName} (${run.test ? 'test' : `version ${run.version}`})`]
  if (run.reason !== null) lines.push(`  ${run.reason}`)
  if (run.resumesAt !== null) lines.push(`  It goes on at ${run.resumesAt}.`)
  if (run.replayOf !== null) lines.push(`  It repeats ${run.replayOf}.`)
  for (const replay of run.replays) lines.push(`  It was replayed as ${replay.id} (${replay.status}).`)
  if (run.replayedAs !== null && run.replays.every((replay) => replay.id !== run.replayedAs?.id)) {
    lines.push(`  That was replayed in turn, in the end as ${run.replayedAs.id} (${run.replayedAs.status}).`)
  }
  for (const step of steps) lines.push('', ...stepLines(step, width))
  return lines
}

function stepLines(step: StepRun, width: number): string[] {
  const lines = [
    `  ${placeOf(step).padEnd(width)}  ${step.given === null ? step.status : `given (${step.given})`}${waitText(step)}`,
  ]
  if (step.input !== null) lines.push(`    input     ${shown(step.input)}`)
  if (step.output !== null) lines.push(`    output    ${shown(step.output)}`)
  const failed = step.attempts.filter((attempt) => attempt.error !== null)
  if (failed.length > 0) lines.push(...step.attempts.map(attemptText))
  return lines
}

function waitText({ status, waitsFor, nextAttemptAt, attempts, maxAttempts }: StepRun): string {
  if (status !== 'waiting') return ''
  const until = nextAttemptAt === null ? '' : ` until ${nextAttemptAt}`
  if (waitsFor === 'pause') return ': a test is paused before it'
  if (waitsFor !== 'retry') return ` for ${waitsFor ?? 'its turn'}${until}`
  const last = attempts.at(-1)?.n ?? 0
  return ` for attempt ${last + 1}${maxAttempts === null ? '' : ` of ${maxAttempts}`}${until}`
}

function attemptText({ n, startedAt, finishedAt, error }: Attempt): string {
  const outcome = error === null ? (finishedAt === null ? 'under way' : 'succeeded') : error.message
  return `    attempt ${String(n).padEnd(2)}${startedAt}  ${outcome}`
}

const placeOf = ({ step, scope }: StepRun): string => (scope === '' ? step : `${step} [${scope}]`)

function shown(value: StepRun['input']): string {
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS - 1)}…` : text
}
