import '../ui/lists/command-list.css'
import { Command } from 'cmdk'
import { ArrowLeft, CircleCheck, CircleX, ExternalLink, Hourglass, Play, Search, Workflow } from 'lucide-react'
import { type ReactNode, useEffect, useId, useState } from 'react'
import type { RunDetail, ZapSummary } from '../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../core/domain/runs/states.ts'
import { isJsonObject, type Json } from '../../core/domain/values/json.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { OutputView } from '../output/output-view.tsx'
import { queries, useAnswer } from '../queries/queries.ts'
import { useZaps } from '../queries/zaps.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { TooltipProvider } from '../ui/layers/tooltip.tsx'
import { useActiveOption } from '../ui/lists/use-active-option.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { useDocumentTitle } from '../ui/page/use-document-title.ts'
import { lastOutput, type QuickField, quickFields, quickInput } from './quick-fields.ts'

type Stage =
  | { readonly at: 'zaps' }
  | { readonly at: 'fields'; readonly zap: ZapSummary; readonly fields: readonly QuickField[] }
  | { readonly at: 'run'; readonly zap: ZapSummary; readonly runId: string }

/** Runs a zap by its name, from anywhere: type, Enter, fill in its fields, see its answer. It has a window of its own. */
export function QuickRun() {
  const [stage, setStage] = useState<Stage>({ at: 'zaps' })
  const [shown, setShown] = useState(0)
  const [failure, setFailure] = useState<string | null>(null)
  useDocumentTitle('Run a zap')

  useEffect(() => {
    const begin = (): void => {
      setStage({ at: 'zaps' })
      setFailure(null)
      setShown((n) => n + 1)
    }
    const onMessage = (event: MessageEvent): void => {
      if (event.source === window && event.data === 'hookline:shown') begin()
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') leave(null)
    }
    window.addEventListener('message', onMessage)
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('message', onMessage)
      window.removeEventListener('keydown', onKey)
    }
  }, [])

  const attempt = async (work: () => Promise<Stage>): Promise<void> => {
    setFailure(null)
    try {
      setStage(await work())
    } catch (thrown) {
      setFailure(describeFailure(thrown).message)
    }
  }
  const run = (zap: ZapSummary, input: Json | undefined): Promise<void> =>
    attempt(async () => {
      const started = await api.zaps.run({ id: zap.id, source: 'live', ...(input === undefined ? {} : { input }) })
      return { at: 'run', zap, runId: started.runId }
    })
  const choose = async (zap: ZapSummary): Promise<void> => {
    const number = zap.liveVersion
    if (number === null) return
    let fields: readonly QuickField[] = []
    await attempt(async () => {
      fields = quickFields(await api.zaps.version({ id: zap.id, number }))
      return { at: 'fields', zap, fields }
    })
    // One that asks for nothing runs at once.
    if (fields.length === 0) await run(zap, {})
  }

  return (
    <TooltipProvider>
      <main className="flex h-full flex-col overflow-hidden bg-raised" aria-label="Run a zap">
        {failure !== null && (
          <div className="shrink-0 p-3">
            <ErrorNote title="It was not run." remedy={failure} />
          </div>
        )}
        {stage.at === 'zaps' && <h1 className="sr-only">Run a zap</h1>}
        {stage.at === 'zaps' && <Zaps key={shown} onChoose={(zap) => void choose(zap)} />}
        {stage.at === 'fields' && (
          <Fields
            zap={stage.zap}
            fields={stage.fields}
            onBack={() => setStage({ at: 'zaps' })}
            onRun={(input) => run(stage.zap, input)}
          />
        )}
        {stage.at === 'run' && <Answer zap={stage.zap} runId={stage.runId} onBack={() => setStage({ at: 'zaps' })} />}
      </main>
    </TooltipProvider>
  )
}

function leave(path: string | null): void {
  void api.shell.leaveQuickRun({ path }).catch(() => undefined)
}

/** Whether a zap can be run by hand and is live. */
const canRun = (zap: ZapSummary): boolean =>
  zap.status === 'enabled' && zap.review === 'done' && zap.uses.includes('manual.run')

function Zaps({ onChoose }: { onChoose: (zap: ZapSummary) => void }) {
  const command = useActiveOption()
  const { data, failure } = useZaps()
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/)
  const able = data?.filter(canRun) ?? []
  const found = able.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  return (
    <Command ref={command} label="Zaps" loop shouldFilter={false} className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-2.5 border-b border-line px-4">
        <Search size={16} aria-hidden className="shrink-0 text-ink-faint" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="Run a zap by its name…"
          className="h-13 w-full bg-transparent text-lg text-ink outline-none placeholder:text-ink-faint"
        />
      </div>
      <Command.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto p-1.5">
        {data === null && failure === null && <Spinner label="Asking the host…" />}
        {failure !== null && <ErrorNote title="The zaps could not be read." remedy={failure.message} />}
        {data !== null && (
          <Command.Empty className="px-3 py-8 text-center text-ink-faint">
            {able.length === 0
              ? 'No zap that is on begins with "Run by hand". Add that trigger to one, and it is run from here.'
              : 'No zap is called that.'}
          </Command.Empty>
        )}
        {found.map((zap) => (
          <Command.Item key={zap.id} value={zap.id} onSelect={() => onChoose(zap)} className="command-item">
            <Workflow size={16} aria-hidden className="shrink-0 text-ink-faint" />
            <span className="truncate text-ink">{zap.name}</span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  )
}

function Bar({ zap, onBack, children }: { zap: ZapSummary; onBack: () => void; children?: ReactNode }) {
  return (
    <div className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-3">
      <Button variant="ghost" icon={ArrowLeft} onClick={onBack}>
        All zaps
      </Button>
      <h1 className="min-w-0 flex-1 truncate text-base font-semibold">{zap.name}</h1>
      {children}
    </div>
  )
}

function Fields({
  zap,
  fields,
  onBack,
  onRun,
}: {
  zap: ZapSummary
  fields: readonly QuickField[]
  onBack: () => void
  onRun: (input: Json) => Promise<void>
}) {
  const id = useId()
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({})
  const [busy, setBusy] = useState(false)
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault()
        setBusy(true)
        void onRun(quickInput(fields, texts)).finally(() => setBusy(false))
      }}
    >
      <Bar zap={zap} onBack={onBack}>
        <Button type="submit" variant="primary" icon={Play} loading={busy}>
          Run
        </Button>
      </Bar>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
        {fields.map(({ name, text }, n) => (
          <Field key={name} label={name} htmlFor={`${id}${n}`}>
            <Input
              id={`${id}${n}`}
              autoFocus={n === 0}
              value={texts[name] ?? text}
              onChange={(event) => {
                const { value } = event.currentTarget
                setTexts((before) => ({ ...before, [name]: value }))
              }}
            />
          </Field>
        ))}
      </div>
    </form>
  )
}

function Answer({ zap, runId, onBack }: { zap: ZapSummary; runId: string; onBack: () => void }) {
  const { data, failure } = useAnswer(queries.runs.get.queryOptions({ input: { id: runId } }))
  return (
    <>
      <Bar zap={zap} onBack={onBack}>
        <Button icon={ExternalLink} autoFocus onClick={() => leave(`/runs/${runId}`)}>
          Open run
        </Button>
      </Bar>
      <div aria-live="polite" className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
        {failure !== null && <ErrorNote title="The run could not be read." remedy={failure.message} />}
        {data === null ? failure === null && <Spinner label="It runs…" /> : <Outcome detail={data} />}
      </div>
    </>
  )
}

const LOOKS = {
  succeeded: { Icon: CircleCheck, tone: 'text-success', words: 'Done' },
  failed: { Icon: CircleX, tone: 'text-error', words: 'It failed' },
  other: { Icon: Hourglass, tone: 'text-waiting', words: 'It waits' },
} as const

function Outcome({ detail }: { detail: RunDetail }) {
  const { run } = detail
  if (run.status === 'running') return <Spinner label="It runs…" />
  const { Icon, tone, words } =
    run.status === 'succeeded' ? LOOKS.succeeded : isTerminal(runTransitions, run.status) ? LOOKS.failed : LOOKS.other
  const output = run.status === 'succeeded' ? lastOutput(detail) : null
  return (
    <>
      <p className="flex shrink-0 items-center gap-2 text-base font-medium">
        <Icon size={18} aria-hidden className={tone} />
        {words}
      </p>
      {run.reason !== null && <p className="text-ink-soft">{run.reason}</p>}
      {output !== null && <Shown value={output.value} step={output.step} />}
    </>
  )
}

function Shown({ value, step }: { value: Json; step: string }) {
  const only = isJsonObject(value) && Object.keys(value).length === 1 ? Object.values(value)[0] : value
  if (typeof only === 'string' || typeof only === 'number')
    return <p className="rounded border border-line bg-surface p-3 whitespace-pre-wrap select-text">{String(only)}</p>
  return (
    <div className="min-h-[220px] flex-1">
      <OutputView value={value} path={step} label="What the last step returned" />
    </div>
  )
}
