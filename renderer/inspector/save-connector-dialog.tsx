import { useState } from 'react'
import { isJsonObject } from '../../core/domain/values/json.ts'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { navigate } from '../commands/hash-location.ts'
import { cache, queries } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'

/** Saves a step of code as a connector of one's own, whose form has a field for each value that the code gets. */
export function SaveConnectorDialog({ step, onClose }: { step: Step; onClose(): void }) {
  const [title, setTitle] = useState(step.name ?? '')
  const [chosenId, setId] = useState<string | null>(null)
  const [description, setDescription] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const id = chosenId ?? idOf(title)
  const { code, input: given } = step.input
  const fields = given !== undefined && isJsonObject(given) ? Object.keys(given) : []
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const { file } = await api.connectors.writeOwn({ id, title, description, fields, code: String(code ?? '') })
      await cache.invalidateQueries({ queryKey: queries.connectors.key() })
      const detail = 'It is off: switch it on under Settings, Connectors of your own, and it is in the palette.'
      const action = { label: 'Open the settings', onClick: () => navigate('/settings') }
      toast({ title: `Saved as ${file}`, detail, tone: 'success', action })
      onClose()
    } catch (thrown) {
      setRefusal(describeFailure(thrown).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={440}
      title="Save as a connector"
      description="The code becomes a step of your own, for every zap, in a file that you can go on with in any editor."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="save-connector"
            loading={busy}
            disabled={title.trim() === '' || id === ''}
          >
            Save connector
          </Button>
        </>
      }
    >
      <form
        id="save-connector"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Field label="Title" htmlFor="connector-title" required error={refusal}>
          <Input
            id="connector-title"
            autoFocus
            required
            maxLength={100}
            value={title}
            placeholder="Sum of an invoice"
            aria-invalid={refusal !== null}
            aria-describedby={describedBy('connector-title', { help: false, error: refusal })}
            onChange={(event) => {
              setTitle(event.currentTarget.value)
              setRefusal(null)
            }}
          />
        </Field>
        <Field label="Id" htmlFor="connector-id" required help="What its steps and its file are called; it stays.">
          <Input
            id="connector-id"
            required
            value={id}
            placeholder="invoice-sum"
            className="font-mono text-sm!"
            aria-describedby="connector-id-help"
            onChange={(event) => {
              setId(event.currentTarget.value)
              setRefusal(null)
            }}
          />
        </Field>
        <Field label="What it does" htmlFor="connector-description">
          <Input
            id="connector-description"
            value={description}
            maxLength={500}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </Field>
        <p className="text-sm text-ink-soft">
          {fields.length === 0
            ? 'Its form has no fields: the code gets no values.'
            : `Fields of its form: ${fields.join(', ')}.`}
        </p>
      </form>
    </Dialog>
  )
}

const idOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-$/, '')
