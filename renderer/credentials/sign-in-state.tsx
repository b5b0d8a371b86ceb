import { CircleCheck, LogIn, RefreshCw } from 'lucide-react'
import type { CredentialSummary } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'

/** Whose a credential is and, where a person signs in with it, whether that is good, with what mends it. */
export function SignInState({
  credential: { name, account, signIn, waitingRuns },
  onSignIn,
}: {
  credential: CredentialSummary
  onSignIn: () => void
}) {
  if (signIn === null || signIn === 'good') {
    if (signIn === null && account === null) return <span className="text-ink-faint">–</span>
    return (
      <span className="flex min-w-0 items-center gap-1.5">
        {signIn === 'good' && <CircleCheck size={13} aria-hidden className="shrink-0 text-success" />}
        <span className="truncate" title={account ?? undefined}>
          {account ?? 'Signed in'}
        </span>
      </span>
    )
  }
  if (signIn === 'unreadable') return <span className="truncate text-ink-faint">Cannot be read here</span>
  const isWithdrawn = signIn === 'withdrawn'
  const waits = waitingRuns === 1 ? '1 run waits' : `${waitingRuns} runs wait`
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Button
        size="sm"
        icon={isWithdrawn ? RefreshCw : LogIn}
        aria-label={`${isWithdrawn ? 'Reconnect' : 'Sign in with'} ${name}`}
        onClick={onSignIn}
      >
        {isWithdrawn ? 'Reconnect' : 'Sign in'}
      </Button>
      {waitingRuns > 0 && <span className="truncate text-sm text-waiting">{waits}</span>}
    </span>
  )
}
