import {
  CircleAlert,
  CircleCheck,
  File,
  Folder,
  type LucideIcon,
  Minus,
  Redo2,
  TriangleAlert,
  Undo2,
  X,
} from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { FileChange } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { queries, useAnswer } from '../../queries/queries.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Checkbox } from '../../ui/controls/checkbox.tsx'
import { toast } from '../../ui/layers/toast.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { baseName, canBeTicked, changeWords, folderName, tickedAtFirst } from './file-changes.ts'

/** What a run did to files, and what of it can be put back. It stands in the place of the step's panel. */
export function FilesPanel({
  runId,
  nameOf,
  onStep,
  onClose,
  onChanged,
}: {
  runId: string
  nameOf: (step: string) => string
  /** A line was pointed at: its step lights up. */
  onStep: (step: string) => void
  onClose: () => void
  onChanged: () => void
}) {
  const { data, failure, reload } = useAnswer({
    ...queries.runs.files.queryOptions({ input: { id: runId } }),
    gcTime: 0,
  })
  const changes = data?.changes ?? []
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const [isBusy, setBusy] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const ticked = chosen ?? tickedAtFirst(changes)
  const redoable = changes.flatMap(({ key, canRedo }) => (canRedo ? [key] : []))
  const count = changes.filter(({ key, state }) => canBeTicked(state) && ticked.has(key)).length

  async function putBack(): Promise<void> {
    const keys = changes.flatMap(({ key, state }) => (canBeTicked(state) && ticked.has(key) ? [key] : []))
    const inTheWay = changes.some(({ key, state }) => state === 'in-the-way' && keys.includes(key)) ? 'number' : 'leave'
    setBusy(true)
    try {
      const { putBack: done, failed } = await api.runs.putBack({ id: runId, keys, inTheWay })
      const wrong = new Set(failed.map(({ key }) => key))
      const isBack = keys.filter((key) => !wrong.has(key))
      const [first] = failed
      toast({
        title: done === 1 ? 'Put 1 file back' : `Put ${done} files back`,
        ...(first === undefined ? {} : { detail: first.message, tone: 'error' as const }),
        ...(done > 0 && { action: { label: 'Undo', onClick: () => void redo(isBack) } }),
      })
    } catch (thrown) {
      toast({ title: 'No file was put back', detail: describeFailure(thrown).message, tone: 'error' })
    }
    look()
  }

  /** Does again what was put back. */
  async function redo(keys: readonly string[]): Promise<void> {
    setBusy(true)
    try {
      const { redone, failed } = await api.runs.redoFiles({ id: runId, keys: [...keys] })
      const [first] = failed
      toast({
        title: redone === 1 ? 'Did 1 change again' : `Did ${redone} changes again`,
        ...(first === undefined ? {} : { detail: first.message, tone: 'error' as const }),
      })
    } catch (thrown) {
      toast({ title: 'No change was done again', detail: describeFailure(thrown).message, tone: 'error' })
    }
    look()
  }

  function look(): void {
    setBusy(false)
    setChosen(null)
    reload()
    onChanged()
  }

  return (
    <section
      aria-labelledby="put-back"
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header className="flex shrink-0 items-start gap-3 border-b border-line px-4 pt-4 pb-3">
        <span className="flex size-8 shrink-0 items-center justify-center rounded bg-accent-soft text-accent">
          <Undo2 size={16} aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <h2 id="put-back" ref={heading} tabIndex={-1} className="text-lg leading-5 font-semibold outline-none">
            Put files back
          </h2>
          <p className="mt-0.5 text-sm text-ink-soft">
            As they were before this run. The run itself stays in the history.
          </p>
        </div>
        <IconButton icon={X} size="sm" label="Close" onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {failure !== null && data === null && (
          <ErrorNote title="The files could not be looked at." remedy={failure.message} details={failure.details} />
        )}
        {data === null && failure === null && <Spinner label="Looking at the files…" />}
        {changes.length > 0 && changes.every(({ state }) => state === 'back') && (
          <EmptyState icon={CircleCheck} title="Everything is back where it was" />
        )}
        <ul aria-label="Files" className="flex flex-col divide-y divide-line">
          {changes.map((change) => (
            <ChangeLine
              key={change.key}
              change={change}
              isTicked={ticked.has(change.key)}
              stepName={nameOf(change.step)}
              onStep={() => onStep(change.step)}
              onTick={(isOn) =>
                setChosen(new Set(isOn ? [...ticked, change.key] : [...ticked].filter((key) => key !== change.key)))
              }
            />
          ))}
        </ul>
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        {redoable.length > 0 && (
          <Button icon={Redo2} className="mr-auto" disabled={isBusy} onClick={() => void redo(redoable)}>
            {redoable.length === 1 ? 'Do 1 change again' : `Do ${redoable.length} changes again`}
          </Button>
        )}
        <Button onClick={onClose}>Cancel</Button>
        {(count > 0 || redoable.length === 0) && (
          <Button variant="primary" icon={Undo2} loading={isBusy} disabled={count === 0} onClick={() => void putBack()}>
            {count === 1 ? 'Put 1 file back' : `Put ${count} files back`}
          </Button>
        )}
      </footer>
    </section>
  )
}

const STATES: Readonly<Record<FileChange['state'], { words: string; icon: LucideIcon; tone: string }>> = {
  can: { words: 'Can go back', icon: CircleCheck, tone: 'text-success' },
  changed: { words: 'Changed since', icon: CircleAlert, tone: 'text-waiting' },
  'in-the-way': { words: 'In the way', icon: TriangleAlert, tone: 'text-waiting' },
  gone: { words: 'Gone', icon: Minus, tone: 'text-ink-faint' },
  stays: { words: 'Stays', icon: Minus, tone: 'text-ink-faint' },
  back: { words: 'Is back', icon: CircleCheck, tone: 'text-ink-faint' },
  unclear: { words: 'Unclear', icon: CircleAlert, tone: 'text-waiting' },
}

function ChangeLine({
  change,
  isTicked,
  stepName,
  onStep,
  onTick,
}: {
  change: FileChange
  isTicked: boolean
  stepName: string
  onStep: () => void
  onTick: (isOn: boolean) => void
}) {
  const { state, path, kind, why, to, undoneAt } = change
  const { words, icon: Icon, tone } = STATES[state]
  const isOpen = canBeTicked(state)
  const name = baseName(path)
  return (
    <li
      className={classNames('flex gap-3 px-4 py-3', isOpen && isTicked && 'bg-accent-soft')}
      onMouseEnter={onStep}
      onFocus={onStep}
    >
      <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center">
        {isOpen ? (
          <Checkbox
            label={state === 'can' ? `Put back ${name}` : `Put back ${name} with a numbered name`}
            checked={isTicked}
            onChange={onTick}
          />
        ) : (
          <Minus size={12} aria-hidden className="text-ink-faint" />
        )}
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          {kind === 'folder' ? (
            <Folder size={14} aria-hidden className="shrink-0 text-ink-faint" />
          ) : (
            <File size={14} aria-hidden className="shrink-0 text-ink-faint" />
          )}
          <span className="min-w-0 flex-1 truncate font-medium" title={path}>
            <ToldText>{name}</ToldText>
          </span>
          <span className={classNames('inline-flex shrink-0 items-center gap-1 text-sm', tone)}>
            <Icon size={13} aria-hidden />
            {words}
          </span>
        </p>
        {isOpen && (
          <dl className="mt-1 grid grid-cols-[64px_1fr] text-sm text-ink-soft">
            <dt className="text-ink-faint">now in</dt>
            <dd className="truncate" title={path}>
              {kind === 'trash' ? 'Trash' : <ToldText>{folderName(path)}</ToldText>}
            </dd>
            {to !== null && (
              <>
                <dt className="text-ink-faint">back to</dt>
                <dd className="truncate" title={to}>
                  <ToldText>{to}</ToldText>
                </dd>
              </>
            )}
          </dl>
        )}
        {why !== '' && (
          <p className="mt-0.5 text-sm break-words text-ink-soft">
            <ToldText>{why}</ToldText>
            {state === 'in-the-way' && ' Tick it to give the file a number.'}
          </p>
        )}
        <p className="mt-1 text-sm text-ink-faint">
          {changeWords(change)} by {stepName}
          {undoneAt !== null && (
            <>
              , put back <RelativeTime iso={undoneAt} />
            </>
          )}
        </p>
      </div>
    </li>
  )
}
