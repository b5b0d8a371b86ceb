import { ArrowRight, CircleHelp, CircleX, Eye, File, type LucideIcon, Minus, RotateCw } from 'lucide-react'
import { Fragment, type ReactNode, useCallback, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { RehearsalView } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { Button } from '../../ui/controls/button.tsx'
import { Checkbox } from '../../ui/controls/checkbox.tsx'
import { CopyButton } from '../../ui/controls/copy-button.tsx'
import { Dialog } from '../../ui/layers/dialog.tsx'
import { toast } from '../../ui/layers/toast.tsx'
import { Count } from '../../ui/lists/count.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { asList, doWords, GROUPS, KIND_WORDS, newPart, noteOf, pathFrom, type RehearsedLine } from './rehearsal.ts'

/** The button of "Show what would happen", and what it shows. */
export function RehearseButton({ stepId }: { stepId: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon={Eye} title="On your files as they are, without touching them" onClick={() => setOpen(true)}>
        Show what would happen
      </Button>
      {isOpen && <RehearsalDialog stepId={stepId} onClose={() => setOpen(false)} />}
    </>
  )
}

/** What a step would do to the files that are there now. */
function RehearsalDialog({ stepId, onClose }: { stepId: string; onClose: () => void }) {
  const { rehearse } = useLiveRuns()
  const [shown, setShown] = useState<RehearsalView | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(true)
  const look = useCallback(async () => {
    setBusy(true)
    const found = await rehearse(stepId)
    setBusy(false)
    setFailure(found.failure)
    if (found.rehearsal !== null) setShown(found.rehearsal)
  }, [rehearse, stepId])
  useEffect(() => void look(), [look])
  /** Files that the person has left out. */
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const [isDoing, setDoing] = useState(false)
  const [, navigate] = useLocation()
  const zapId = useDraft((state) => state.host.id)
  const would = shown?.lines.filter(({ verdict }) => verdict === 'change') ?? []
  const ticked = would.filter(({ path }) => path !== null && !leftOut.has(path))
  async function doIt(): Promise<void> {
    setDoing(true)
    try {
      const paths = ticked.flatMap(({ path }) => path ?? [])
      const { runIds } = await api.zaps.runOnFiles({ id: zapId, step: stepId, paths })
      toast({
        title: runIds.length === 1 ? 'One run was started' : `${runIds.length} runs were started`,
        detail: 'The page of each puts its files back.',
        action: { label: 'Show them', onClick: () => navigate('/runs') },
      })
      onClose()
    } catch (thrown) {
      setFailure(describeFailure(thrown))
      setDoing(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      width={1_080}
      title="What would happen"
      description="Nothing has been touched: these are your files, as they are now and as they would be."
      footer={
        <>
          {shown !== null && <CopyButton text={() => asList(shown)} label="Copy as list" words size="md" />}
          {ticked.length > 0 && (
            <Button loading={isDoing} disabled={isBusy} onClick={() => void doIt()}>
              {doWords(ticked)}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex items-center gap-2" aria-live="polite">
          {shown !== null && shown.folder !== null && (
            <span className="rounded bg-accent-soft px-2 py-1 font-semibold text-accent">
              {would.length.toLocaleString('en')} of {shown.total.toLocaleString('en')} would change
            </span>
          )}
          {shown !== null && shown.lines.length < shown.total && (
            <span className="text-ink-soft">The first {shown.lines.length.toLocaleString('en')} are shown.</span>
          )}
          <span className="ml-auto">
            <Button icon={RotateCw} size="sm" variant="ghost" onClick={() => void look()}>
              Look again
            </Button>
          </span>
        </div>
        {failure !== null && (
          <ErrorNote title="It cannot be shown." remedy={failure.message} details={failure.details} />
        )}
        {shown === null && isBusy && <Spinner label="Looking at your files…" />}
        {shown !== null && shown.lines.length === 0 && (
          <EmptyState icon={File} title="No file is there">
            Put a file into {shown.folder ?? 'the folder'} to see what would become of it.
          </EmptyState>
        )}
        {shown !== null && shown.lines.length > 0 && (
          <Lines
            shown={shown}
            isOld={isBusy || failure !== null}
            onClose={onClose}
            leftOut={leftOut}
            onTick={(path, isOn) =>
              setLeftOut((before) => new Set(isOn ? [...before].filter((one) => one !== path) : [...before, path]))
            }
          />
        )}
      </div>
    </Dialog>
  )
}

type LineProps = {
  readonly leftOut: ReadonlySet<string>
  onTick(path: string, isOn: boolean): void
  onClose(): void
}

const ICONS: Readonly<Record<RehearsedLine['verdict'], { icon: LucideIcon; tone: string }>> = {
  change: { icon: ArrowRight, tone: 'text-accent' },
  fail: { icon: CircleX, tone: 'text-error' },
  unknown: { icon: CircleHelp, tone: 'text-waiting' },
  stay: { icon: Minus, tone: 'text-ink-faint' },
}

function Lines({ shown, isOld, ...rest }: { shown: RehearsalView; isOld: boolean } & LineProps) {
  return (
    <table
      aria-label="Files"
      className={classNames('w-full table-fixed border-collapse text-left', isOld && 'opacity-60')}
    >
      <thead>
        <tr className="text-sm text-ink-faint">
          <th scope="col" className="w-[34%] py-1.5 font-normal">
            Now
          </th>
          <th scope="col" className="px-2 py-1.5 font-normal">
            After
          </th>
          <th scope="col" className="w-[26%] px-2 py-1.5 font-normal">
            Note
          </th>
        </tr>
      </thead>
      {GROUPS.map(({ verdict, title }) => {
        const lines = shown.lines.filter((line) => line.verdict === verdict)
        if (lines.length === 0) return null
        const { icon: Icon, tone } = ICONS[verdict]
        return (
          <tbody key={verdict}>
            <tr className="border-y border-line bg-sunken">
              <th scope="colgroup" colSpan={3} className="px-2 py-1.5 font-semibold">
                <span className="inline-flex items-center gap-2">
                  <Icon size={14} aria-hidden className={tone} />
                  {title}
                  <Count>{lines.length}</Count>
                </span>
              </th>
            </tr>
            {lines.map((line) => (
              <Line key={line.path ?? ''} line={line} folder={shown.folder} {...rest} />
            ))}
          </tbody>
        )
      })}
    </table>
  )
}

function Line({ line, folder, onClose, leftOut, onTick }: { line: RehearsedLine; folder: string | null } & LineProps) {
  const { path, verdict, why, step, changes } = line
  const now = path === null ? 'The example' : pathFrom(folder, path)
  if (verdict !== 'change') {
    return (
      <tr className="border-b border-line align-top">
        <NowCell path={path} text={now} />
        <td className={classNames('px-2 py-1.5', verdict === 'fail' ? 'text-error' : 'text-ink-soft')}>
          {verdict === 'stay' ? 'stays' : <ToldText>{why}</ToldText>}
        </td>
        <td className="px-2 py-1.5 text-ink-soft">
          {step !== null && <StepName id={step} onClose={onClose} />} {verdict === 'stay' && why}
        </td>
      </tr>
    )
  }
  return changes.map((change, at) => {
    const [same, fresh] = newPart(change.from ?? path, change.to)
    const isGone = change.kind === 'trash' || change.kind === 'delete'
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: what is done has a place and nothing else of its own
      <tr key={at} className="border-b border-line align-top">
        <NowCell
          path={path}
          text={at === 0 ? now : ''}
          box={
            at === 0 && path !== null ? (
              <Checkbox
                label={`Do it for ${now}`}
                checked={!leftOut.has(path)}
                onChange={(isOn) => onTick(path, isOn)}
              />
            ) : null
          }
        />
        <td className="px-2 py-1.5 break-words" title={change.to}>
          {isGone ? (
            <span className="text-ink-soft">{KIND_WORDS[change.kind]}</span>
          ) : (
            <Fragment>
              <span className="text-ink-soft">
                <ToldText>{same}</ToldText>
              </span>
              <span className={classNames('font-medium', change.numbered ? 'text-waiting' : 'text-accent')}>
                <ToldText>{fresh}</ToldText>
              </span>
            </Fragment>
          )}
        </td>
        <td
          className={classNames('px-2 py-1.5', change.numbered || change.replaces ? 'text-waiting' : 'text-ink-soft')}
        >
          {isGone ? '' : noteOf(change)}
        </td>
      </tr>
    )
  })
}

function NowCell({ path, text, box = null }: { path: string | null; text: string; box?: ReactNode }) {
  return (
    <td className="truncate py-1.5 pr-2" title={path ?? undefined}>
      {box !== null && <span className="mr-2">{box}</span>}
      <ToldText>{text}</ToldText>
    </td>
  )
}

/** A step by its name; a click selects it. */
function StepName({ id, onClose }: { id: string; onClose: () => void }) {
  const step = useDraft((state) => state.history.present.steps.find((one) => one.id === id))
  const title = useConnectors().get(step?.uses ?? '')?.title
  const { focusOn } = useDraftStore().getState()
  return (
    <button
      type="button"
      className="rounded-sm font-medium hover:underline"
      onClick={() => {
        onClose()
        focusOn(id, null)
      }}
    >
      {step?.name ?? title ?? id}
    </button>
  )
}
