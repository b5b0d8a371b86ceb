import { skipToken, useQuery } from '@tanstack/react-query'
import { Tag, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { PublishedVersion } from '../../core/contract/values.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { StillCanvas } from '../canvas/still-canvas.tsx'
import { withPositions } from '../draft/layout/tidy-layout.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { useConnectors } from '../queries/connectors.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { type ChangeWords, changeWords } from '../steps/change-words.ts'
import { Button } from '../ui/controls/button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { overlay } from './overlaid-zap.ts'
import { VersionNameDialog } from './version-name-dialog.tsx'

/** Every published version of the open zap: what it changed, what the draft changed since, and the way back to it. */
export function VersionsDialog({ onClose }: { onClose: () => void }) {
  const zapId = useDraft((state) => state.host.id)
  const { data: versions, failure } = useAnswer(queries.zaps.versions.queryOptions({ input: { id: zapId } }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Versions"
      description="What you published, and what changed. A run keeps the version that it began on."
      width={1120}
    >
      {failure !== null ? (
        <ErrorNote title="The versions could not be read." remedy={failure.message} details={failure.details} />
      ) : versions === null ? (
        <Spinner label="Reading the versions…" />
      ) : (
        <Versions zapId={zapId} versions={versions} onClose={onClose} />
      )}
    </Dialog>
  )
}

/** `draft`, or the number of a version. */
type Chosen = 'draft' | number

function Versions({
  zapId,
  versions,
  onClose,
}: {
  zapId: string
  versions: readonly PublishedVersion[]
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<Chosen>('draft')
  const [search, setSearch] = useState('')
  const [isNaming, setNaming] = useState(false)
  const store = useDraftStore()
  const draft = useDraft((state) => state.history.present)
  const at = versions.findIndex((version) => version.number === chosen)
  // The draft is held against what is live, a version against the one before it.
  const earlier = chosen === 'draft' ? (versions.find((version) => version.isLive) ?? versions[0]) : versions[at + 1]
  const before = useDefinition(zapId, earlier?.number ?? null)
  const version = useDefinition(zapId, chosen === 'draft' ? null : chosen)
  const after = chosen === 'draft' ? draft : version

  const name = versions[at]?.name ?? null
  const found = versions.filter((one) => isCalled(one, search))

  const rename = async (next: string | null): Promise<void> => {
    setNaming(false)
    if (chosen === 'draft' || next === name) return
    try {
      await api.zaps.renameVersion({ id: zapId, number: chosen, name: next })
      await cache.invalidateQueries({ queryKey: queries.zaps.versions.key({ input: { id: zapId } }) })
    } catch (thrown) {
      toast({ title: 'The version could not be renamed', detail: describeFailure(thrown).message, tone: 'error' })
    }
  }
  const restore = (): void => {
    if (version == null) return
    store.getState().change(() => withPositions(version))
    toast({
      title: `Version ${chosen} is the draft now`,
      detail: 'Undo brings your draft back; publish makes it live.',
    })
    onClose()
  }
  return (
    <div className="flex h-[min(560px,62vh)] gap-4">
      <nav aria-label="Versions" className="flex w-56 shrink-0 flex-col overflow-y-auto">
        {versions.length > MANY && (
          <Input
            type="search"
            aria-label="Search versions"
            placeholder="Search names"
            className="mb-2 shrink-0"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        <ul className="flex flex-col gap-0.5">
          <VersionButton isChosen={chosen === 'draft'} title="Draft" onChoose={() => setChosen('draft')}>
            what you see in the editor
          </VersionButton>
          {found.map(({ number, publishedAt, isLive, name }) => (
            <VersionButton
              key={number}
              isChosen={chosen === number}
              title={name ?? `Version ${number}`}
              mark={isLive ? 'live' : undefined}
              onChoose={() => setChosen(number)}
            >
              {name !== null && `Version ${number}, `}
              <RelativeTime iso={publishedAt} />
            </VersionButton>
          ))}
        </ul>
      </nav>
      <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-lg border border-line">
        {after == null || before === undefined ? (
          <Spinner label="Reading the version…" />
        ) : (
          <Difference
            // Each pair opens at its own beginning.
            key={chosen}
            before={before}
            after={after}
            title={
              earlier === undefined
                ? 'The first version'
                : `Changes ${chosen === 'draft' ? 'of the draft' : `of version ${chosen}`} since version ${earlier.number}`
            }
            action={
              chosen !== 'draft' && (
                <span className="flex shrink-0 gap-2">
                  <Button size="sm" icon={Tag} onClick={() => setNaming(true)}>
                    {name === null ? 'Name it…' : 'Rename…'}
                  </Button>
                  <Button size="sm" icon={Undo2} onClick={restore}>
                    Make it the draft
                  </Button>
                </span>
              )
            }
          />
        )}
      </div>
      {isNaming && chosen !== 'draft' && (
        <VersionNameDialog
          title={`Name of version ${chosen}`}
          act="Keep"
          name={name ?? ''}
          onName={(next) => void rename(next)}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  )
}

/** What a version says; undefined until it was read, null for no version. Where it cannot be read, the list says what is wrong. */
function useDefinition(id: string, number: number | null): ZapFile | null | undefined {
  const { data } = useQuery(queries.zaps.version.queryOptions({ input: number === null ? skipToken : { id, number } }))
  return number === null ? null : data
}

/** Versions above which a search through their names is offered. */
const MANY = 8

/** Whether a version is meant by what is searched for: its name or its number. */
function isCalled({ name, number }: PublishedVersion, search: string): boolean {
  return `${name ?? ''} version ${number}`.toLowerCase().includes(search.trim().toLowerCase())
}

function VersionButton(props: {
  isChosen: boolean
  title: string
  mark?: string | undefined
  onChoose: () => void
  children: React.ReactNode
}) {
  return (
    <li>
      <button
        type="button"
        aria-current={props.isChosen || undefined}
        onClick={props.onChoose}
        className={classNames(
          'flex w-full flex-col rounded px-3 py-2 text-left',
          props.isChosen ? 'bg-accent-soft' : 'hover:bg-hover',
        )}
      >
        <span className="flex items-center gap-2 font-medium">
          {props.title}
          {props.mark !== undefined && (
            <span className="rounded-full bg-success-soft px-1.5 text-xs font-medium text-success">{props.mark}</span>
          )}
        </span>
        <span className="text-sm text-ink-faint">{props.children}</span>
      </button>
    </li>
  )
}

function Difference({
  before,
  after,
  title,
  action,
}: {
  before: ZapFile | null
  after: ZapFile
  title: string
  action: React.ReactNode
}) {
  const connectors = useConnectors()
  const [selected, setSelected] = useState<string | null>(null)
  const drawn = useMemo(() => overlay(before ?? after, after), [before, after])
  const lines = useMemo(() => {
    const told = drawn.changes.filter((change) => change.kind !== 'step-moved')
    const moved = drawn.changes.length - told.length
    const layout: ChangeWords = {
      subject: 'Layout',
      words: moved === 1 ? '1 step moved' : `${moved} steps moved`,
      step: null,
    }
    const words = told.map((change) => changeWords(change, drawn.zap, connectors))
    return moved === 0 ? words : [...words, layout]
  }, [drawn, connectors])
  const shown = selected === null ? lines : lines.filter((line) => line.step === selected)
  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-3 border-b border-line px-4">
        <h3 className="min-w-0 flex-1 truncate font-medium">{title}</h3>
        {action}
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="min-w-0 flex-1">
          <StillCanvas
            zap={drawn.zap}
            overlay={drawn.overlay}
            label="What changed"
            selected={selected}
            onSelect={setSelected}
          />
        </div>
        <ul aria-label="Changes" className="w-76 shrink-0 overflow-y-auto border-l border-line py-2">
          {shown.length === 0 && (
            <li className="px-4 py-1.5 text-ink-faint">
              {lines.length > 0
                ? 'Nothing changed at this step.'
                : before === null
                  ? 'Nothing came before it.'
                  : 'Nothing changed.'}
            </li>
          )}
          {shown.map(({ subject, words, step, values }, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of two fixed states, which never move
              key={index}
              className="px-4 py-1.5"
            >
              <span className={classNames('block font-medium break-words', step === null && 'text-ink-soft')}>
                {subject}
              </span>
              <span className="block break-words text-ink-soft">{words}</span>
              {values !== undefined && (
                <span className="mt-1 flex flex-col gap-px overflow-hidden rounded-sm font-mono text-sm">
                  {values.from !== null && (
                    <del className="bg-error-soft px-2 py-0.5 break-all text-error no-underline">
                      <span aria-hidden>− </span>
                      {values.from}
                    </del>
                  )}
                  {values.to !== null && (
                    <ins className="bg-success-soft px-2 py-0.5 break-all text-success no-underline">
                      <span aria-hidden>+ </span>
                      {values.to}
                    </ins>
                  )}
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
