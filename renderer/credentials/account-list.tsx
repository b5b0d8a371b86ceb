import { CircleCheck, LogIn, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CredentialSummary } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { missingScopes } from './account-state.ts'

/** The value of the choice that is no account yet. */
export const ANOTHER = ''

/** Which account a step uses: one that is there already, with how good it is and what mends it, or another. */
export function AccountList({
  accounts,
  chosen,
  needs,
  onChoose,
  onSignIn,
}: {
  accounts: readonly CredentialSummary[]
  /** The name of one, or {@link ANOTHER}. */
  chosen: string
  /** The scopes that the step needs. */
  needs: readonly string[] | undefined
  onChoose: (name: string) => void
  onSignIn: (account: CredentialSummary) => void
}) {
  return (
    <div className="flex flex-col gap-1">
      <h3 id="credential-account" className="text-sm font-medium text-ink-soft">
        Account
      </h3>
      <RadioList
        labelledBy="credential-account"
        value={chosen}
        onChange={onChoose}
        options={[
          ...accounts.map((account) => ({
            value: account.name,
            label: account.account ?? account.title,
            help: helpOf(account, needs),
            aside: <State account={account} onSignIn={() => onSignIn(account)} />,
          })),
          { value: ANOTHER, label: 'Another account', help: 'Stored beside these.' },
        ]}
      />
    </div>
  )
}

function helpOf(account: CredentialSummary, needs: readonly string[] | undefined): string {
  const { name, title, signIn, waitingRuns, zaps } = account
  const called = account.account === null ? '' : `${title === name ? name : `${title} (${name})`}. `
  const waits = waitingRuns === 0 ? '' : ` ${waitingRuns === 1 ? '1 run waits' : `${waitingRuns} runs wait`} for it.`
  if (signIn === 'withdrawn') return `${called}The consent was withdrawn.${waits}`
  if (signIn === 'never') return `${called}Not signed in yet.${waits}`
  if (signIn === 'unreadable') return `${called}It cannot be read here: unlock the keychain, or enter it again.`
  const used =
    zaps.length === 0 ? 'Used by no zap yet.' : `Used by ${zaps.length === 1 ? '1 zap' : `${zaps.length} zaps`}.`
  const more = missingScopes(needs, account).length > 0 ? ' For this step the service asks once more.' : ''
  return `${called}${used}${more}`
}

function State({
  account: { name, signIn },
  onSignIn,
}: {
  account: CredentialSummary
  onSignIn: () => void
}): ReactNode {
  if (signIn === 'unreadable') return <TriangleAlert size={14} aria-hidden className="text-waiting" />
  if (signIn === 'withdrawn' || signIn === 'never') {
    const word = signIn === 'withdrawn' ? 'Reconnect' : 'Sign in'
    return (
      <Button
        size="sm"
        icon={signIn === 'withdrawn' ? RefreshCw : LogIn}
        aria-label={`${word}: ${name}`}
        onClick={onSignIn}
      >
        {word}
      </Button>
    )
  }
  return (
    <span className="flex items-center gap-1 text-sm text-success">
      <CircleCheck size={13} aria-hidden /> {signIn === null ? 'Stored' : 'Signed in'}
    </span>
  )
}
