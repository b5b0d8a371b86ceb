import { useEffect, useState } from 'react'
import type { RunDetail } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/json.ts'
import { api } from '../../api/client.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { statusWord } from '../../ui/look/status-badge.tsx'

/** What the steps of a past run gave. */
export type PastData = {
  readonly id: string
  readonly label: string
  /** When it began, in words. */
  readonly when: string
  readonly outputs: Readonly<Record<string, Json>>
}

/** Runs to choose from. */
const OFFERED = 6

const shortTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

/** What the newest runs of the open zap gave, to be tried again. */
export function usePastData(): readonly PastData[] {
  const zapId = useDraft((state) => state.host.id)
  const lastRun = useDraft((state) => `${state.host.lastRun?.id} ${state.host.lastRun?.status}`)
  const [past, setPast] = useState<readonly PastData[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another last run means that there is something new
  useEffect(() => {
    let isGone = false
    const load = async (): Promise<void> => {
      const page = await api.runs.list({ zapId, limit: OFFERED })
      const details = await Promise.all(page.runs.map(({ id }) => api.runs.get({ id })))
      if (!isGone) setPast(details.map(pastDataOf))
    }
    // The newest data is offered all the same.
    load().catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [zapId, lastRun])
  return past
}

function pastDataOf({ run, steps }: RunDetail): PastData {
  const done = steps.filter((step) => step.status === 'succeeded' && step.scope === '')
  const when = shortTime.format(new Date(run.startedAt))
  return {
    id: run.id,
    when,
    label: `Run of ${when} (${statusWord(run.shownAs).toLowerCase()})`,
    outputs: Object.fromEntries(done.map((step) => [step.step, step.output])),
  }
}
