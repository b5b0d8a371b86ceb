import { onAppEvent } from '../api/events.ts'
import { toast } from '../ui/layers/toast.tsx'

/** Shows what steps and the host tell the person at the screen. Imported for that. */
onAppEvent((event) => {
  if (event.type !== 'notice') return
  const { title, body } = event
  toast({ title, tone: 'notice', ...(body !== null && { detail: body }) })
})
