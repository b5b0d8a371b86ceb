import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Failure } from '../api/failure.ts'
import { renameZap } from '../draft/operations/draft-operations.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import type { ZapSession } from '../draft/session/zap-session.ts'
import { IconButton } from '../ui/controls/button.tsx'
import { NameInput } from '../ui/controls/name-input.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { ProblemsPopover } from './problems-popover.tsx'
import { PublishButton } from './publish-button.tsx'
import { RunButton } from './run-button.tsx'
import { SaveStateMark } from './save-state.tsx'
import { VersionButton } from './version-button.tsx'

/** The zap's name and state, and what is done with it as a whole. */
export function TopBar({ session }: { session: ZapSession }) {
  const [, navigate] = useLocation()
  const name = useDraft((state) => state.history.present.name)
  const { change } = session.store.getState()
  const [problemsOpen, setProblemsOpen] = useState(false)
  const explain = (title: string, failure: Failure): void => {
    if (failure.problems.length > 0) {
      session.store.getState().beStrict()
      setProblemsOpen(true)
    } else toast({ title, detail: failure.message, tone: 'error' })
  }
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-surface pr-3 pl-2">
      <IconButton icon={ArrowLeft} label="Back to zaps" onClick={() => navigate('/zaps')} />
      <h1 className="sr-only">{name}</h1>
      <NameInput
        value={name}
        label="Name of the zap"
        className="h-8 max-w-90 min-w-30 shrink field-sizing-content text-lg font-semibold"
        onChange={(next) => change((zap) => renameZap(zap, next))}
      />
      <ZapState session={session} onFailure={explain} />
      <SaveStateMark />
      <div className="ml-auto flex items-center gap-1.5">
        <ProblemsPopover open={problemsOpen} onOpenChange={setProblemsOpen} />
        <RunButton />
        <PublishButton session={session} onFailure={explain} />
      </div>
    </header>
  )
}

function ZapState({ session, onFailure }: { session: ZapSession; onFailure(title: string, failure: Failure): void }) {
  const status = useDraft((state) => state.host.status)
  const [busy, setBusy] = useState(false)
  const flip = async (enabled: boolean): Promise<void> => {
    setBusy(true)
    const failure = await session.setEnabled(enabled)
    setBusy(false)
    if (failure) onFailure(enabled ? 'The zap could not be switched on' : 'The zap could not be switched off', failure)
  }
  return (
    <div className="flex shrink-0 items-center gap-2 px-1">
      <Switch
        label={status === 'enabled' ? 'Switch the zap off' : 'Switch the zap on'}
        checked={status === 'enabled'}
        disabled={busy}
        onChange={(enabled) => void flip(enabled)}
      />
      <StatusBadge status={status} />
      <VersionButton />
    </div>
  )
}
