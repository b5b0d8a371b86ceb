import { useState } from 'react'
import { useDraft } from '../draft/session/draft-store.ts'
import type { ZapSession } from '../draft/session/zap-session.ts'
import { Button } from '../ui/controls/button.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'

/** Asks whose draft stays when the zap was changed elsewhere since it was opened here. */
export function ConflictDialog({ session }: { session: ZapSession }) {
  const isConflict = useDraft((state) => state.save.kind === 'conflict')
  const [busy, setBusy] = useState(false)
  const choose = async (keep: 'mine' | 'theirs'): Promise<void> => {
    setBusy(true)
    await session.resolveConflict(keep)
    setBusy(false)
  }
  return (
    <Dialog
      open={isConflict}
      // It goes when a choice was made; closing it otherwise would leave a draft that is never saved.
      onOpenChange={() => undefined}
      title="This zap was changed elsewhere"
      description="Another window, or the command line, saved a different draft since you opened it here."
      footer={
        <>
          <Button loading={busy} onClick={() => void choose('theirs')}>
            Load the other draft
          </Button>
          <Button variant="primary" loading={busy} onClick={() => void choose('mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      <p className="text-ink-soft">
        Keeping yours replaces the other draft. Loading the other one can be undone here, which brings yours back.
      </p>
    </Dialog>
  )
}
