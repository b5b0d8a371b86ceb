import type { BulkChoice } from './bulk-target.ts'

/** The question before a choice is carried out. `what` is what it is for: "50 runs". */
export function bulkQuestion({ action, fromFailed, version }: BulkChoice, what: string): string {
  if (action === 'cancel') return `Cancel ${what}?`
  if (fromFailed === true) return `Replay ${what} from the failed step?`
  return version === 'newest' ? `Replay ${what} through the newest version?` : `Replay ${what}?`
}

/** What a choice will do. */
export function bulkConsequence({ action, fromFailed, version }: BulkChoice): string {
  if (action === 'cancel') {
    return 'Runs that are under way or wait are ended where they are. What they have done stays done, and each can be replayed.'
  }
  if (fromFailed === true) {
    return 'Each gets a new run that keeps the results of finished steps, and does the failed step and everything behind it.'
  }
  const through = version === 'newest' ? 'through the version that is live now' : 'through its own version'
  return `Each gets a new run with the same event, from its start and ${through}: all its steps are done again.`
}

/** What becomes of the selected runs that a choice is not for, or null where it is for all of them. */
export function leftAloneWords({ action, fromFailed }: BulkChoice, count: number): string | null {
  if (count <= 0) return null
  const others =
    count === 1 ? 'One more that is selected is' : `${count.toLocaleString('en')} more that are selected are`
  if (action === 'cancel') return `${others} left alone: nothing is under way there.`
  if (fromFailed === true) return `${others} left alone: there is no failed step to go on from.`
  return `${others} left alone: only what has ended is replayed.`
}

/** A number of runs: "1 run", "1,240 runs", "more than 10,000 runs". */
export function runsWords(count: number, isWhole = true): string {
  const number = count.toLocaleString('en')
  return `${isWhole ? number : `more than ${number}`} ${count === 1 && isWhole ? 'run' : 'runs'}`
}
