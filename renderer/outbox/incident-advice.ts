import type { Incident } from '../../core/contract/values.ts'
import type { RunFilter } from '../runs/list/run-filter.ts'

/** What a person can do about an open incident. */
export type IncidentAdvice = {
  readonly text: string
  /** The runs to look at first, and the words of the link to them; null where another list shows what it is about. */
  readonly runs: { readonly words: string; readonly filter: RunFilter } | null
  /** Whether it is about dead letters, which the Outbox page lists. */
  readonly isAboutDeadLetters: boolean
}

/** What to do about an incident, by its kind. A kind that is not known here has its message to speak for it. */
export function incidentAdvice({ kind, zapId }: Pick<Incident, 'kind' | 'zapId'>): IncidentAdvice {
  const ofZap = zapId === null ? {} : { zapId }
  switch (kind) {
    case 'stuck':
      return {
        text: 'Resume if everything is paused. Else a run that takes long, or waits, may hold up those behind it: wait for it or cancel it.',
        runs: { words: 'Show waiting runs', filter: { ...ofZap, status: 'waiting' } },
        isAboutDeadLetters: false,
      }
    case 'retrying':
      return {
        text: 'Nothing is lost: they go on by themselves when what they call answers again. See which step fails and why; "Retry now" does not wait for the next attempt.',
        runs: { words: 'Show waiting runs', filter: { ...ofZap, status: 'waiting' } },
        isAboutDeadLetters: false,
      }
    case 'dead-letters':
      return {
        text: 'Put right what they failed at, then replay them. Dismiss those that are not needed any more.',
        runs: null,
        isAboutDeadLetters: true,
      }
    case 'failing':
      return {
        text: 'Open a failed run to see which step failed and why, put it right and publish. The next run that succeeds closes this.',
        runs: { words: 'Show failed runs', filter: { ...ofZap, status: 'failed' } },
        isAboutDeadLetters: false,
      }
    case 'standstill':
      return {
        text: 'Nothing is lost. Look at what it was busy with before you run that again; this closes after a day.',
        runs: { words: 'Show runs that need review', filter: { status: 'needs-review' } },
        isAboutDeadLetters: false,
      }
    case 'lease-storm':
      return {
        text: 'Nothing is lost. Answer the runs that need review, and see whether this computer runs out of memory or Hookline is ended by force.',
        runs: { words: 'Show runs that need review', filter: { status: 'needs-review' } },
        isAboutDeadLetters: false,
      }
    case 'polling':
      return {
        text: 'Nothing is lost that the service still has: what came meanwhile is found by the next poll that succeeds, which closes this. The trigger of the zap shows when that is, and "Poll now" does not wait for it.',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'subscribing':
      return {
        text: 'Look at the account under Credentials, and at what the service says. It is tried again by itself; where the trigger can, it asks the service what is new meanwhile.',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'backup':
      return {
        text: 'It is tried again within the hour. Settings → Backups shows what is wrong, and makes one at once; the next good one closes this.',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'disk':
      return {
        text: 'What was taken in is safe, and runs go on. Make room on the disk, let old runs go (Settings → History), or allow more (Settings → Webhooks).',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'fleet-host':
      return {
        text: 'Start it again, and it goes on where it was. Or remove it under Fleet, if it does not come back.',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'fleet-log':
      return {
        text: 'Nothing is lost: what comes in runs here, or waits here where this host only takes in. It is sent on when the log answers again.',
        runs: null,
        isAboutDeadLetters: false,
      }
    case 'fleet-behind':
      return {
        text: 'Nothing is lost. Fleet shows which hosts are behind, and which lack a credential that a zap needs: start one more, or give them the credential.',
        runs: null,
        isAboutDeadLetters: false,
      }
    default:
      return { text: 'It closes by itself when its cause is gone.', runs: null, isAboutDeadLetters: false }
  }
}
