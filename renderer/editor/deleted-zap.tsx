import { Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import type { ZapSession } from '../draft/session/zap-session.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ToldText } from '../ui/words/told-text.tsx'

/** Stands in place of the editor after its zap was deleted elsewhere: nothing of it can be run or saved until it is brought back. */
export function DeletedZap({ session }: { session: ZapSession }) {
  const [, navigate] = useLocation()
  const name = useStore(session.store, (state) => state.history.present.name)
  const isSaved = useStore(session.store, (state) => state.save.kind === 'saved')
  const [busy, setBusy] = useState(false)
  // What had the focus is gone with the editor; a button that took it would be pressed by someone who goes on typing.
  const self = useRef<HTMLElement>(null)
  useEffect(() => self.current?.focus(), [])
  const bringBack = async (): Promise<void> => {
    setBusy(true)
    const failure = await session.bringBack()
    if (failure === null) return
    setBusy(false)
    toast({ title: 'The zap could not be brought back', detail: failure.message, tone: 'error' })
  }
  return (
    <main ref={self} tabIndex={-1} className="flex flex-1 items-center justify-center outline-none">
      <h1 className="sr-only">{name}</h1>
      <div role="alert">
        <EmptyState
          icon={Trash2}
          title="This zap was deleted"
          action={
            <>
              <Button onClick={() => navigate('/zaps')}>Go to all zaps</Button>
              <Button variant="primary" loading={busy} onClick={() => void bringBack()}>
                Bring it back
              </Button>
            </>
          }
        >
          <p>
            <ToldText>{name}</ToldText> was deleted in another window or by the command line.
          </p>
          {!isSaved && <p>Your last changes were not saved; they are when you bring it back.</p>}
        </EmptyState>
      </div>
    </main>
  )
}
