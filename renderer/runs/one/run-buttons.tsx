import { Ban, FastForward, GitBranchPlus, PencilLine, RotateCcw, StepForward } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RunDetail } from '../../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../../core/domain/runs/states.ts'
import { Button } from '../../ui/controls/button.tsx'
import { SplitButton } from '../../ui/controls/split-button.tsx'
import type { MenuItem } from '../../ui/layers/menu-items.tsx'
import { ReplayDialog } from '../replay-dialog.tsx'
import { cancelRun, type ReplayChoice, replayRun, resumeRun } from '../run-actions.ts'
import { canResumeNow } from './wait-words.ts'

/** What can be done with a run as it stands. One that needs review has a banner of its own. */
export function RunButtons({ detail, onChanged }: { detail: RunDetail; onChanged: () => void }) {
  const { run } = detail
  const [, navigate] = useLocation()
  const hasEnded = isTerminal(runTransitions, run.status)
  const [busy, setBusy] = useState<'resume' | 'cancel' | null>(null)
  const act = async (what: 'resume' | 'cancel') => {
    setBusy(what)
    await (what === 'resume' ? resumeRun(run.id) : cancelRun(run.id))
    setBusy(null)
    onChanged()
  }
  if (run.status === 'needs-review') return null
  const isPaused = run.waitsFor === 'pause'
  return (
    <div className="flex shrink-0 items-center gap-2 pt-0.5">
      {isPaused && (
        <Button variant="primary" icon={StepForward} onClick={() => navigate(`/zaps/${run.zapId}`)}>
          Go on in the editor
        </Button>
      )}
      {canResumeNow(run) && (
        <Button icon={FastForward} loading={busy === 'resume'} onClick={() => void act('resume')}>
          Resume now
        </Button>
      )}
      {hasEnded ? (
        <Replay detail={detail} />
      ) : (
        <Button icon={Ban} loading={busy === 'cancel'} onClick={() => void act('cancel')}>
          Cancel run
        </Button>
      )}
    </div>
  )
}

function Replay({ detail }: { detail: RunDetail }) {
  const { run, newestVersion } = detail
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState<'whole' | 'failed' | null>(null)
  const [isAsking, setAsking] = useState(false)
  const canGoOn = run.status !== 'succeeded'
  const replay = async (choice: ReplayChoice = {}) => {
    setBusy(choice.fromFailed === true ? 'failed' : 'whole')
    const runId = await replayRun(run.id, choice)
    setBusy(null)
    if (runId !== null) navigate(`/runs/${runId}`)
  }
  const items: readonly MenuItem[] = [
    ...(newestVersion === null
      ? []
      : [
          {
            label: `Replay through version ${newestVersion}`,
            icon: GitBranchPlus,
            onSelect: () => void replay({ version: 'newest' }),
          },
        ]),
    { label: 'Replay with …', icon: PencilLine, onSelect: () => setAsking(true) },
  ]
  return (
    <>
      {canGoOn && (
        <Button
          icon={RotateCcw}
          loading={busy === 'failed'}
          disabled={busy !== null}
          onClick={() => void replay({ fromFailed: true })}
        >
          Replay from failed step
        </Button>
      )}
      <SplitButton
        icon={RotateCcw}
        more="More ways to replay"
        items={items}
        loading={busy === 'whole'}
        disabled={busy !== null}
        onClick={() => void replay()}
      >
        Replay
      </SplitButton>
      {isAsking && (
        <ReplayDialog
          run={{
            id: run.id,
            version: run.version,
            newestVersion,
            canGoOn,
            triggerOutput: detail.steps.find((step) => step.step === run.triggerStep)?.output ?? {},
          }}
          onClose={() => setAsking(false)}
          onReplayed={(runId) => {
            setAsking(false)
            navigate(`/runs/${runId}`)
          }}
        />
      )}
    </>
  )
}
