import { useMemo } from 'react'
import type { RunDetail } from '../../../core/contract/values.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { statusWord } from '../../ui/look/status-badge.tsx'
import { useNewestRuns } from './newest-runs.ts'

/** What the steps of a past run returned. */
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

/** What the newest runs of the open zap returned, to be tried again; nothing while it is not `wanted`. */
export function usePastData(wanted: boolean): readonly PastData[] {
  const zapId = useDraft((state) => state.host.id)
  const { details } = useNewestRuns(zapId, OFFERED, wanted)
  return useMemo(() => (details ?? []).map(pastDataOf), [details])
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
