import type { WaitFor } from '../../../core/contract/values.ts'

/** What is waited for, as text before the time (where there is one), and between the two. */
export type WaitWords = {
  readonly text: string
  /** The word before the time at which it goes on, or null where only text is shown. */
  readonly before: string | null
  /** Whether the time is told as a distance ("in 5 min") or by the clock ("14:05"). */
  readonly as: 'distance' | 'clock'
}

/** What a waiting run waits for; `null` is its turn, behind other runs. */
export function waitWords(waitsFor: WaitFor | null, hasTime: boolean): WaitWords {
  switch (waitsFor) {
    case 'retry':
      return { text: 'Next attempt', before: hasTime ? '' : null, as: 'distance' }
    case 'time':
      return hasTime ? { text: 'Until', before: '', as: 'clock' } : { text: 'For a time', before: null, as: 'clock' }
    case 'person':
      return { text: 'For a decision', before: hasTime ? 'until' : null, as: 'clock' }
    case 'run':
      return { text: 'For another run', before: null, as: 'clock' }
    case 'network':
      return { text: 'For the network', before: null, as: 'clock' }
    case 'account':
      return { text: 'For you to sign in again', before: null, as: 'clock' }
    case 'pause':
      return { text: 'Paused in a test', before: null, as: 'clock' }
    case null:
      return { text: 'For its turn', before: null, as: 'distance' }
  }
}

/** Whether a person can end the wait by saying so: a wait for another person or another run cannot be ended here. */
export function canResumeNow(run: { readonly status: string; readonly waitsFor: WaitFor | null }): boolean {
  return run.status === 'waiting' && (run.waitsFor === 'retry' || run.waitsFor === 'time' || run.waitsFor === 'network')
}
