import { KeyRound, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { isJsonObject } from '../../../core/domain/values/json.ts'
import { missingScopes } from '../../credentials/account-state.ts'
import { CredentialDialog } from '../../credentials/credential-dialog.tsx'
import { freeName, useCredentials } from '../../credentials/credentials.ts'
import { scopeWords } from '../../credentials/scope-words.ts'
import { SignInDialog } from '../../credentials/sign-in-dialog.tsx'
import { SignInState } from '../../credentials/sign-in-state.tsx'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { familyOf } from '../../steps/account-types.ts'
import { Button } from '../../ui/controls/button.tsx'
import { describedBy } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'

function useConnectorOfStep(): ConnectorManifest | undefined {
  const { stepId } = useStepForm()
  const uses = useDraft((state) => state.history.present.steps.find(({ id }) => id === stepId)?.uses ?? '')
  return useConnectors().get(uses)
}

/** A stored secret by its name, with a way to store a new one without leaving the step. */
export function CredentialControl({ field, path, value, onChosen }: ControlProps & { onChosen?: () => void }) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  // Without the list the chosen name is still shown; opening the step again asks once more.
  const all = useCredentials().data ?? []
  // Those that the app takes. Another that is chosen already stays, and says so.
  const known = field.types === null ? all : all.filter(({ type }) => field.types?.includes(type))
  const [isCreating, setCreating] = useState(false)
  const [isSigningIn, setSigningIn] = useState(false)
  const chosen = isJsonObject(value) && typeof value.$credential === 'string' ? value.$credential : ''

  const stored = all.find(({ name }) => name === chosen)
  const connector = useConnectorOfStep()
  const missing = missingScopes(connector?.scopes, stored)
  const names = known.map((credential) => credential.name)
  const isOther = all.some(({ name }) => name === chosen) && !names.includes(chosen)
  const isMissing = chosen !== '' && all.length > 0 && !names.includes(chosen) && !isOther
  const options = [
    ...(field.required ? [] : [{ value: '', label: 'None' }]),
    ...(chosen !== '' && !names.includes(chosen)
      ? [
          {
            value: chosen,
            label: isMissing ? `${chosen} (missing)` : isOther ? `${chosen} (of another service)` : chosen,
          },
        ]
      : []),
    ...known.map(({ name, title, account }) => ({
      value: name,
      label: account === null ? title : `${title} (${account})`,
    })),
  ]
  const choose = (name: string): void => {
    setValue(path, name === '' ? undefined : { $credential: name })
    onChosen?.()
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <div className="flex min-w-0 gap-1.5">
        <Select
          id={id}
          {...(onChosen && { label: field.title })}
          value={chosen === '' && field.required ? undefined : chosen}
          placeholder="Choose a credential…"
          invalid={problem !== null || isMissing || isOther}
          describedBy={describedBy(id, { help: field.description, error: problem })}
          options={options}
          onChange={choose}
        />
        <Button icon={KeyRound} onClick={() => setCreating(true)}>
          New
        </Button>
      </div>
      {stored !== undefined && stored.signIn !== null && (
        <div className="text-sm text-ink-soft">
          <SignInState credential={stored} onSignIn={() => setSigningIn(true)} />
        </div>
      )}
      {missing.length > 0 && (
        <p role="status" className="flex flex-wrap items-center gap-2 text-sm text-waiting">
          <span title={missing.join(' ')}>
            For this step the service asks once more, whether it may {missing.map(scopeWords).join(', ')}.
          </span>
          <Button size="sm" icon={RefreshCw} onClick={() => setSigningIn(true)}>
            Sign in once more
          </Button>
        </p>
      )}
      {isSigningIn && stored !== undefined && <SignInDialog name={stored.name} onClose={() => setSigningIn(false)} />}
      {isCreating && (
        <CredentialDialog
          replaces={null}
          types={field.types}
          needs={connector?.scopes}
          app={connector?.app}
          suggested={
            connector?.app === undefined
              ? ''
              : freeName(
                  familyOf(connector.id),
                  all.map(({ name }) => name),
                )
          }
          taken={all.map(({ name }) => name)}
          onClose={() => setCreating(false)}
          onSaved={choose}
        />
      )}
    </div>
  )
}
