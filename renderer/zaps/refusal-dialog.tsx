import { useLocation } from 'wouter'
import { Button } from '../ui/controls/button.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { ProblemList } from './problem-list.tsx'
import type { Refusal } from './zap-actions.ts'

/** Says what a zap still needs before it can be switched on, and leads there. */
export function RefusalDialog({ refusal, onClose }: { refusal: Refusal | null; onClose: () => void }) {
  const [, navigate] = useLocation()
  const count = refusal?.problems.length ?? 0
  return (
    <Dialog
      open={refusal !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`"${refusal?.zapName ?? ''}" is not ready yet`}
      description={`Settle ${count === 1 ? 'this' : `these ${count} things`} first, then switch it on.`}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose()
              if (refusal !== null) navigate(`/zaps/${refusal.zapId}`)
            }}
          >
            Open in editor
          </Button>
        </>
      }
    >
      <ProblemList problems={refusal?.problems ?? []} />
    </Dialog>
  )
}
