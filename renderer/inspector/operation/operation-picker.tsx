import { useState } from 'react'
import { Link } from 'wouter'
import type { ApiOperation } from '../../../core/contract/app-values.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { renameStep, updateInput } from '../../draft/operations/draft-operations.ts'
import { connectorsOf, presetOf } from '../../draft/operations/operation-preset.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useApis, useOperations } from '../../queries/apis.ts'
import { Field } from '../../ui/controls/field.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { MethodWord } from '../../ui/look/method-word.tsx'

const MOST_SHOWN = 30

/** Chooses the operation of a step that has none yet, among those of all APIs that were added. */
export function OperationPicker({ step }: { step: Step }) {
  const store = useDraftStore()
  const apis = useApis().data ?? []
  const [search, setSearch] = useState('')
  const { operations } = useOperations(null, search, apis.length > 0)
  const fitting = operations.filter((operation) => connectorsOf(operation).includes(step.uses)).slice(0, MOST_SHOWN)
  const choose = (operation: ApiOperation): void => {
    const credential = apis.find(({ id }) => id === operation.app)?.credential ?? null
    const { name, input = {} } = presetOf(operation, credential, operation.isEvent)
    store.getState().change((zap) => {
      const filled = Object.entries(input).reduce(
        (next, [field, value]) => updateInput(next, step.id, [field], value),
        zap,
      )
      return step.name === undefined && name !== undefined ? renameStep(filled, step.id, name) : filled
    })
  }
  if (apis.length === 0) {
    return (
      <p className="text-ink-soft">
        There is no API of yours yet.{' '}
        <Link href="/apis/add" className="font-medium text-accent underline">
          Add one with its description
        </Link>
      </p>
    )
  }
  return (
    <Field label="Operation" htmlFor={`${step.id}-operation`} required>
      <Input
        id={`${step.id}-operation`}
        type="search"
        placeholder="Search the operations of your APIs"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul className="flex max-h-80 flex-col overflow-y-auto">
        {fitting.map((operation) => (
          <li key={`${operation.app} ${operation.key}`}>
            <button
              type="button"
              className="block w-full rounded px-2 py-1 text-left hover:bg-hover"
              onClick={() => choose(operation)}
            >
              <span className="block truncate font-medium">{operation.title}</span>
              <span className="block truncate font-mono text-xs text-ink-faint">
                <MethodWord method={operation.method} /> {operation.path} · {operation.appTitle}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Field>
  )
}
