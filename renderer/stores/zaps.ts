import { create } from 'zustand'
import type { ZapSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { throttle } from './throttle.ts'
import { withLastRuns } from './zap-last-runs.ts'

/** Every zap as the lists show it; null until the host has answered. */
export const useZaps = create<{ zaps: readonly ZapSummary[] | null; failure: Failure | null }>(() => ({
  zaps: null,
  failure: null,
}))

/** Reads the list. Screens that show it call this when they appear; afterwards it follows the host by itself. */
export async function loadZaps(): Promise<void> {
  try {
    useZaps.setState({ zaps: await api.zaps.list(), failure: null })
  } catch (thrown) {
    useZaps.setState({ failure: describeFailure(thrown) })
  }
}

/** Shows a change at once, before the host has confirmed it; `loadZaps` corrects it if it was refused. */
export function patchZap(id: string, change: Partial<ZapSummary>): void {
  useZaps.setState(({ zaps }) => ({
    zaps: zaps?.map((zap) => (zap.id === id ? { ...zap, ...change } : zap)) ?? null,
  }))
}

export function dropZap(id: string): void {
  useZaps.setState(({ zaps }) => ({ zaps: zaps?.filter((zap) => zap.id !== id) ?? null }))
}

const reloadSoon = throttle(400, () => void loadZaps())
// The counts of the last 24 hours change with every run that ends; twice in five seconds is live enough for a bar.
const recountSoon = throttle(2500, () => void loadZaps())

onAppEvent((event) => {
  const { zaps } = useZaps.getState()
  if (zaps === null) return
  if (event.type === 'zaps') reloadSoon()
  if (event.type === 'runs') {
    const updated = withLastRuns(zaps, event.runs)
    if (updated !== zaps) useZaps.setState({ zaps: updated })
    recountSoon()
  }
})
onResumed(() => {
  if (useZaps.getState().zaps !== null) void loadZaps()
})
