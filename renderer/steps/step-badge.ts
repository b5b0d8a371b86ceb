import type { WaitFor } from '../../core/contract/values.ts'
import type { Problem } from '../../core/domain/zap/problem.ts'
import type { GivenFrom } from '../../core/domain/zap/stepping.ts'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { formatDuration } from '../ui/words/duration.ts'
import { countWords } from './round-counts.ts'
import type { RoundCounts, ShownStepRun } from './shown-step-run.ts'

/** The one mark on a step's card, with the words that go with its icon. */
export type StepBadge = {
  readonly kind:
    | 'todo'
    | 'problem'
    | 'disabled'
    | 'running'
    | 'succeeded'
    | 'failed'
    | 'waiting'
    | 'review'
    | 'skipped'
    | 'filtered'
    | 'pinned'
    // In a test.
    | 'given'
    | 'paused'
    // Between two states of a zap.
    | 'added'
    | 'changed'
    | 'removed'
  readonly text: string
  /** The whole story, for the tooltip. */
  readonly detail: string
}

/** The mark of a step: what a run did with it, or else what is wrong with it, or else that it is switched off. */
export function stepBadge(
  step: Step,
  problems: readonly Problem[],
  run: ShownStepRun | undefined,
  isPinned = false,
): StepBadge | null {
  const ran = run ? runBadge(run) : null
  // Of a pinned step only trouble is news: its success is what was pinned.
  if (ran && !(isPinned && ['succeeded', 'skipped', 'given'].includes(ran.kind))) return ran
  if (problems.length > 0) {
    const detail = problems.map((problem) => problem.message).join('\n')
    if (problems.every((problem) => problem.severity === 'field')) {
      const lacksAccount = problems.some(({ field }) => field === 'input.account') && step.input.account === undefined
      return { kind: 'todo', text: lacksAccount ? 'Connect' : 'Set up', detail }
    }
    return { kind: 'problem', text: problems.length === 1 ? 'Problem' : `${problems.length} problems`, detail }
  }
  if (step.settings?.disabled === true) {
    return { kind: 'disabled', text: 'Off', detail: 'Runs pass through this step without running it.' }
  }
  if (isPinned) {
    return { kind: 'pinned', text: 'Pinned', detail: 'Tests take the pinned output. What is live runs the step.' }
  }
  return null
}

function runBadge(run: ShownStepRun): StepBadge | null {
  if (run.rounds !== undefined) return roundsBadge(run, run.rounds)
  if (run.given !== null) return { kind: 'given', ...GIVEN[run.given] }
  if (run.waitsFor === 'pause') {
    return { kind: 'paused', text: 'Paused', detail: 'The test stands before this step, and has not begun it.' }
  }
  const error = run.attempts.at(-1)?.error ?? null
  const tries = run.maxAttempts === null ? `${run.attempts.length}` : `${run.attempts.length}/${run.maxAttempts}`
  switch (run.status) {
    case 'pending':
      return null
    case 'running':
      return run.attempts.length > 1
        ? { kind: 'running', text: `Trying ${tries}`, detail: `Attempt ${run.attempts.length} is under way.` }
        : { kind: 'running', text: 'Running', detail: 'This step is running now.' }
    case 'waiting':
      return error
        ? { kind: 'waiting', text: `Retrying ${tries}`, detail: error.message }
        : { kind: 'waiting', text: WAITS_FOR[run.waitsFor ?? 'turn'], detail: 'This step waits.' }
    case 'succeeded':
      return { kind: 'succeeded', text: tookText(run), detail: 'This step succeeded.' }
    case 'filtered':
      return { kind: 'filtered', text: 'Filtered', detail: 'This step let nothing through, so the run ended here.' }
    case 'failed':
      return { kind: 'failed', text: 'Failed', detail: error?.message ?? 'This step failed.' }
    case 'needs-review':
      return {
        kind: 'review',
        text: 'Needs review',
        detail: 'Hookline stopped during this step. Look whether it was done.',
      }
    case 'skipped':
      return { kind: 'skipped', text: 'Skipped', detail: 'The run did not come this way.' }
  }
}

/** What a test took in place of running the step. */
const GIVEN: Readonly<Record<GivenFrom, Omit<StepBadge, 'kind'>>> = {
  pinned: { text: 'Pinned', detail: 'The test took what is pinned, and did not run this step.' },
  given: { text: 'Given', detail: 'The test took the data that it was given, and did not run this step.' },
  run: { text: 'Given', detail: 'The test used what this step returned in its last run, and did not run it.' },
  event: { text: 'Last event', detail: 'The test began with the last event that arrived.' },
  connector: { text: 'Example', detail: 'The test took the connector’s example: there is no real data yet.' },
}

/** What a test took in place of running a step, in a sentence. */
export const givenWords = (from: GivenFrom): string => GIVEN[from].detail

/** What a waiting step waits for, in a word or two. */
const WAITS_FOR: Readonly<Record<Exclude<WaitFor, 'pause'> | 'turn', string>> = {
  retry: 'Waiting',
  time: 'Waiting',
  person: 'Asks you',
  run: 'Another run',
  network: 'No network',
  account: 'Sign in again',
  turn: 'Waiting',
}

/** A step in the body of a loop, which may stand differently in each round. */
function roundsBadge(run: ShownStepRun, rounds: RoundCounts): StepBadge | null {
  if (run.status === 'pending') return null
  const words = countWords(rounds)
  const kind = run.status === 'needs-review' ? 'review' : run.status
  if (kind === 'skipped') return { kind, text: 'Skipped', detail: 'No round came this way.' }
  return { kind, text: words, detail: `Of the rounds of the loop: ${words}.` }
}

function tookText(run: ShownStepRun): string {
  if (run.startedAt === null || run.finishedAt === null) return 'OK'
  const ms = Date.parse(run.finishedAt) - Date.parse(run.startedAt)
  return ms > 0 ? `OK ${formatDuration(ms)}` : 'OK'
}
