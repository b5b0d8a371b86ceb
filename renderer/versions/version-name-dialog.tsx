import { type FormEvent, useId, useState } from 'react'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'

/** Asks what a version is to be called. An empty name is none. */
export function VersionNameDialog({
  title,
  act,
  name,
  onName,
  onClose,
}: {
  title: string
  /** The verb on the button. */
  act: string
  /** What it is called now. */
  name: string
  onName: (name: string | null) => void
  onClose: () => void
}) {
  const id = useId()
  const [text, setText] = useState(name)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // What stands in a portal is, for React, still inside the form or list that opened it.
    event.stopPropagation()
    onName(text.trim() === '' ? null : text.trim())
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      width={420}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={`${id}-form`} variant="primary">
            {act}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={submit}>
        <Field label="Name of the version" htmlFor={id} help="By which you will find it again; it may stay empty.">
          <Input
            id={id}
            value={text}
            maxLength={100}
            placeholder="Before the price change"
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
