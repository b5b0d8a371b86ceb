import { create } from 'zustand'
import type { Status, SystemInfo } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'

/** What the host says of itself; null until it has. */
export const useStatus = create<{ status: Status | null; info: SystemInfo | null }>(() => ({
  status: null,
  info: null,
}))

onAppEvent((event) => {
  if (event.type === 'status') useStatus.setState({ status: event.status })
})
onResumed(() => void loadInfo())

export async function loadInfo(): Promise<void> {
  try {
    useStatus.setState({ info: await api.system.info() })
  } catch {
    // Whoever shows it shows that it is missing; the connection's own state says why.
  }
}

/** Stops or restarts intake and runs of the whole host. */
export async function setPaused(paused: boolean): Promise<void> {
  useStatus.setState({ status: await api.system.setPaused({ paused }) })
}
