import { PencilLine, Pin, PinOff } from 'lucide-react'
import { useId, useState } from 'react'
import type { Json } from '../../../core/domain/values/json.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { Button } from '../../ui/controls/button.tsx'
import { JsonEditor } from '../../ui/json/json-editor.tsx'
import { parseJson } from '../../ui/json/parse-json.ts'

export type PinCommands = {
  readonly failure: string | null
  /** Whether that worked. */
  pin(output: Json): Promise<boolean>
  /** Pins what the step returned in a past run, or without one its connector's example. */
  load(run: string | undefined): Promise<boolean>
  unpin(): Promise<boolean>
}

/** Pins and unpins the output of a step. */
export function usePin(stepId: string): PinCommands {
  const id = useDraft((state) => state.host.id)
  const [failure, setFailure] = useState<string | null>(null)
  const attempt = async (change: () => Promise<unknown>): Promise<boolean> => {
    try {
      await change()
      setFailure(null)
      return true
    } catch (thrown) {
      setFailure(describeFailure(thrown).message)
      return false
    }
  }
  return {
    failure,
    pin: (output) => attempt(() => api.zaps.pinOutput({ id, step: stepId, output })),
    load: (run) => attempt(() => api.zaps.pinSample({ id, step: stepId, ...(run !== undefined && { run }) })),
    unpin: () => attempt(() => api.zaps.unpinOutput({ id, step: stepId })),
  }
}

/** What can be done with an output, or with what is pinned in its place. */
export function PinActions({
  isPinned,
  onPin,
  onUnpin,
  onEdit,
}: {
  isPinned: boolean
  /** Absent where what is shown is pinned already. */
  onPin?: () => void
  onUnpin: () => void
  onEdit: () => void
}) {
  return (
    <div className="flex flex-wrap gap-2">
      {onPin && (
        <Button
          size="sm"
          icon={Pin}
          title="Tests of other steps take this in place of running the step"
          onClick={onPin}
        >
          {isPinned ? 'Pin this instead' : 'Pin this output'}
        </Button>
      )}
      {isPinned && (
        <Button size="sm" icon={PinOff} onClick={onUnpin}>
          Unpin
        </Button>
      )}
      <Button size="sm" variant="ghost" icon={PencilLine} onClick={onEdit}>
        Edit and pin…
      </Button>
    </div>
  )
}

/** An output to be written by hand and pinned. */
export function EditOutput({
  stepId,
  start,
  onPin,
  onCancel,
}: {
  stepId: string
  start: Json
  onPin: (output: Json) => void
  onCancel: () => void
}) {
  const id = useId()
  const [text, setText] = useState(() => JSON.stringify(start, null, 2))
  const parsed = parseJson(text)
  return (
    <div className="flex flex-col gap-3">
      <JsonEditor
        id={id}
        label="Output to pin"
        help={`What templates read as {{ ${stepId} }}.`}
        value={text}
        onChange={setText}
        rows={12}
      />
      <div className="flex gap-2">
        <Button variant="primary" icon={Pin} disabled={!parsed.ok} onClick={() => parsed.ok && onPin(parsed.value)}>
          Pin
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  )
}
