import { useMemo } from 'react'
import { describeFailure } from '../api/failure.ts'
import { navigate } from '../commands/hash-location.ts'
import { setPaused, useStatus } from '../queries/status.ts'
import { toast } from '../ui/layers/toast.tsx'
import { createZap } from '../zaps/zap-actions.ts'
import type { Everywhere } from './commands.ts'

/** All of Hookline, as the commands that can be given everywhere see it. */
export function useEverywhere(): Everywhere {
  const isPaused = useStatus((status) => status?.paused ?? false)
  return useMemo(
    () => ({
      isPaused,
      pause: (paused) => void pause(paused),
      newZap: () => void createZap().then((id) => id !== null && navigate(`/zaps/${id}`)),
    }),
    [isPaused],
  )
}

async function pause(paused: boolean): Promise<void> {
  try {
    await setPaused(paused)
    toast({ title: paused ? 'Everything is paused' : 'Everything goes on', tone: 'success' })
  } catch (thrown) {
    toast({ title: describeFailure(thrown).message, tone: 'error' })
  }
}
