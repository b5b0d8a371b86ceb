import type { BulkJob } from '../../../core/contract/values.ts'

/** A job that goes on, in words: "Replaying 12 of 50 runs". */
export function progressWords({ action, processed, total }: BulkJob): string {
  const verb = action === 'replay' ? 'Replaying' : 'Cancelling'
  return `${verb} ${processed.toLocaleString('en')} of ${runs(total)}`
}

/** What became of a job, as a toast says it. */
export function resultWords(job: BulkJob): { title: string; detail?: string; tone: 'success' | 'neutral' | 'error' } {
  const verb = job.action === 'replay' ? 'Replayed' : 'Cancelled'
  const title = `${verb} ${runs(job.processed - job.skipped)}`
  const leftOut = leftOutWords(job.leftOut, 'were')
  const leftAlone = sentences(leftOut === null ? '' : `${leftOut}.`, leftAloneWords(job))
  switch (job.state) {
    case 'failed': {
      const why = job.message ?? `It broke off after ${job.processed.toLocaleString('en')} of ${runs(job.total)}.`
      return { title: `${title}, then it broke off`, detail: sentences(why, leftAlone), tone: 'error' }
    }
    case 'cancelled': {
      const rest = `It was stopped before the other ${runs(job.total - job.processed)}.`
      return { title: `${title}, then stopped`, detail: sentences(rest, leftAlone), tone: 'neutral' }
    }
    default:
      if (job.total === 0) {
        const title = `No run was left to ${job.action}`
        return leftAlone === '' ? { title, tone: 'neutral' } : { title, detail: leftAlone, tone: 'neutral' }
      }
      return leftAlone === '' ? { title, tone: 'success' } : { title, detail: leftAlone, tone: 'neutral' }
  }
}

/** What a replay leaves out by itself: "3 already replayed and 2 tests are left out". Null for nothing. */
export function leftOutWords({ replayed, tests }: BulkJob['leftOut'], are: 'are' | 'were'): string | null {
  const parts = [
    ...(replayed > 0 ? [`${replayed.toLocaleString('en')} already replayed`] : []),
    ...(tests > 0 ? [`${tests.toLocaleString('en')} ${tests === 1 ? 'test' : 'tests'}`] : []),
  ]
  if (parts.length === 0) return null
  const verb = replayed + tests > 1 ? are : are === 'are' ? 'is' : 'was'
  return `${parts.join(' and ')} ${verb} left out`
}

/** How many runs a job left as they were, and why; empty where it left none. */
function leftAloneWords({ action, skipped }: BulkJob): string {
  if (skipped === 0) return ''
  const were = skipped === 1 ? '1 run was left alone' : `${runs(skipped)} were left alone`
  if (action === 'cancel') return `${were}: nothing was under way any more.`
  return `${were}: not ended yet, without a failed step, or not for the trigger of that version.`
}

function sentences(...all: readonly string[]): string {
  return all.filter((one) => one !== '').join(' ')
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count.toLocaleString('en')} runs`
}
