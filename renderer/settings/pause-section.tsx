import { describeFailure } from '../api/failure.ts'
import { setPaused, useStatus } from '../queries/status.ts'
import { Switch } from '../ui/controls/switch.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { Section } from '../ui/page/section.tsx'

export function PauseSection() {
  const paused = useStatus((status) => status?.paused ?? false)
  const isKnown = useStatus((status) => status !== null)
  const change = async (next: boolean) => {
    try {
      await setPaused(next)
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    }
  }
  return (
    <Section
      title="Pause everything"
      description="Webhooks are answered 503, so that senders try again later; schedules wait and no run starts. It lasts until you switch it off, across restarts too."
      control={
        <Switch label="Pause everything" checked={paused} disabled={!isKnown} onChange={(next) => void change(next)} />
      }
    />
  )
}
