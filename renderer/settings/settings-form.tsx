import { useState } from 'react'
import type { Setting } from '../../core/contract/values.ts'
import type { SettingsSection } from '../../core/domain/settings/settings.ts'
import type { Json } from '../../core/domain/values/json.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { type Edits, entered, isTyped, left, NO_EDITS, only, typed } from '../ui/controls/edits.ts'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { choicesOf, kindOf, limitsOf, typedText, typedValue } from './setting-value.ts'

type Texts = Readonly<Record<string, string>>

/** The form of a section, made of its settings: live, but for what is being typed. */
export function SettingsForm({ section }: { section: SettingsSection }) {
  const { data, failure } = useAnswer(queries.settings.list.queryOptions())
  if (data !== null) return <Form settings={data.filter((setting) => setting.section === section)} />
  if (failure === null) return <Spinner label="Asking the host…" />
  return <ErrorNote title="The settings could not be read." remedy={failure.message} details={failure.details} />
}

function Form({ settings }: { settings: readonly Setting[] }) {
  const [edits, setEdits] = useState<Edits>(NO_EDITS)
  /** What is wrong with what was typed, by key. */
  const [problems, setProblems] = useState<Texts>({})
  const [busy, setBusy] = useState(false)

  const save = async () => {
    setBusy(true)
    const found: Record<string, string> = {}
    for (const setting of settings) {
      const text = edits[setting.key]?.text
      if (text === undefined || !isTyped(edits, setting.key) || text === typedText(setting.value)) continue
      await api.settings.set({ key: setting.key, value: typedValue(text, setting.schema) }).catch((thrown: unknown) => {
        found[setting.key] = describeFailure(thrown).message
      })
    }
    setProblems(found)
    // What was refused stays as it was typed.
    setEdits(only(edits, (key) => found[key] !== undefined))
    await cache.invalidateQueries({ queryKey: queries.settings.list.key() })
    await cache.invalidateQueries({ queryKey: queries.history.get.key() })
    setBusy(false)
    if (Object.keys(found).length === 0) toast({ title: 'Saved', tone: 'success' })
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="grid grid-cols-2 items-start gap-4">
        {settings.map((setting) => {
          const { key } = setting
          const text = edits[key]?.text ?? typedText(setting.value)
          return (
            <SettingField
              key={key}
              setting={setting}
              text={text}
              problem={problems[key]}
              onEnter={() => setEdits((before) => entered(before, key, text))}
              onChange={(next) => setEdits((before) => typed(before, key, text, next))}
              onLeave={() => setEdits((before) => left(before, key))}
            />
          )
        })}
      </div>
      <div>
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </div>
    </form>
  )
}

function SettingField({
  setting: { key, title, help, schema, initial },
  text,
  problem,
  onEnter,
  onChange,
  onLeave,
}: {
  setting: Setting
  text: string
  problem: string | undefined
  onEnter: () => void
  onChange: (text: string) => void
  onLeave: () => void
}) {
  const id = key.replace('.', '-')
  const kind = kindOf(schema)
  const isChanged = typedText(initial) !== text
  const words = isChanged && kind === 'number' ? `${help} ${shownInitial(initial)}` : help
  const described = describedBy(id, { help: true, error: problem })
  return (
    <div className={kind === 'list' || kind === 'text' ? 'col-span-2' : ''}>
      <Field label={title} htmlFor={id} error={problem} help={words}>
        {kind === 'switch' ? (
          <Switch
            id={id}
            checked={text === 'true'}
            onChange={(on) => {
              onChange(String(on))
              // A switch is not being written: set back by hand, it follows the host.
              onLeave()
            }}
            describedBy={described}
          />
        ) : kind === 'choice' ? (
          <Select
            id={id}
            value={text}
            options={choicesOf(schema).map((choice) => ({ value: choice, label: capitalized(choice) }))}
            onChange={(choice) => {
              onChange(choice)
              onLeave()
            }}
            describedBy={described}
          />
        ) : (
          <Input
            id={id}
            {...(kind === 'number' ? { type: 'number', required: true, ...limitsOf(schema) } : {})}
            value={text}
            aria-describedby={described}
            aria-invalid={problem !== undefined}
            onFocus={onEnter}
            onChange={(event) => onChange(event.currentTarget.value)}
            onBlur={onLeave}
          />
        )}
      </Field>
    </div>
  )
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const shownInitial = (initial: Json): string => `Usually ${typedText(initial)}.`
