import type { Notifier } from '../domain/host/adapters.ts'
import type { Log } from '../domain/host/log.ts'
import { INCIDENT_TITLES, incidentText } from '../domain/runs/incident-fact.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'

/** Tells a person of new incidents without ever flooding them: of each kind one notification a minute at most. */
export type IncidentNotices = {
  /** Shows nothing more. */
  stop(): void
}

const PAUSE_MS = 60_000

/** Messages that a notification spells out; the others are counted. */
const SPELLED_OUT = 3

export function createIncidentNotices(config: {
  readonly clock: Clock
  readonly notifier: Notifier
  readonly log: Log
  readonly signals: Signals
  /** Whether a person wants to be told. */
  isWanted(): boolean
}): IncidentNotices {
  const { clock, notifier, log, signals } = config
  /** For each heading that was shown within the last minute: what came up since, and how to call its timer off. */
  const resting = new Map<string, { messages: string[]; cancel: () => void }>()

  function show(title: string, messages: readonly string[]): void {
    if (!config.isWanted()) return
    const entry = { messages: [] as string[], cancel: (): void => undefined }
    resting.set(title, entry)
    entry.cancel = clock.after(PAUSE_MS, () => {
      resting.delete(title)
      if (entry.messages.length > 0) show(title, entry.messages)
    })
    const others = messages.length - SPELLED_OUT
    const body = [...messages.slice(0, SPELLED_OUT), ...(others > 0 ? [`And ${others} more.`] : [])].join('\n')
    notifier
      .show({ title, body, opens: '/outbox' })
      .catch((error: unknown) => log.warn('A notification could not be shown.', { error: String(error) }))
  }

  signals.on('incidents:opened', (kind, facts) => {
    const title = INCIDENT_TITLES[kind]
    const messages = facts.map(incidentText)
    const entry = resting.get(title)
    if (entry === undefined) show(title, messages)
    else entry.messages.push(...messages)
  })

  return {
    stop() {
      for (const { cancel } of resting.values()) cancel()
      resting.clear()
    },
  }
}
