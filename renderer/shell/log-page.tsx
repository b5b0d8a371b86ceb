import { FolderOpen, RotateCw, ScrollText } from 'lucide-react'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { useInfo } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { LEVELS, type LogLine, logLines } from './log-lines.ts'

const LOOKS: Readonly<Record<LogLine['level'], string>> = {
  info: 'text-ink-faint',
  warn: 'text-waiting',
  error: 'text-error',
}
const WORDS: Readonly<Record<LogLine['level'], string>> = { info: 'info', warn: 'warning', error: 'error' }

/** The newest lines of the log. */
export function LogPage() {
  const { data, failure, reload } = useAnswer(queries.system.log.queryOptions({ staleTime: 0 }))
  const isDesktop = useInfo()?.host === 'desktop'
  const [typed, setTyped] = useState('')
  const [least, setLeast] = useState<LogLine['level']>('info')
  const search = useDeferredValue(typed.trim().toLowerCase())
  const all = logLines(data?.lines ?? [])
  const lines = all.filter(
    ({ level, text }) => LEVELS.indexOf(level) >= LEVELS.indexOf(least) && text.toLowerCase().includes(search),
  )
  const end = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are at the end
  useEffect(() => {
    // In braces: new browsers return a promise here, which React would take for how to undo the effect.
    end.current?.scrollIntoView({ block: 'end' })
  }, [data])

  const showFolder = (): void => {
    void api.shell
      .showLog()
      .catch((thrown: unknown) => toast({ title: describeFailure(thrown).message, tone: 'error' }))
  }
  return (
    <Page
      title="Log"
      {...(data === null ? {} : { subtitle: data.folder })}
      scrolls={false}
      actions={
        <>
          {isDesktop && (
            <Button icon={FolderOpen} onClick={showFolder}>
              Show the files
            </Button>
          )}
          <CopyButton
            words
            variant="secondary"
            size="md"
            label="Copy all"
            text={() => (data?.lines ?? []).join('\n')}
          />
          <Button icon={RotateCw} onClick={reload}>
            Read again
          </Button>
        </>
      }
      toolbar={
        <>
          <div className="w-72">
            <Input
              type="search"
              aria-label="Search the log"
              placeholder="Search the log"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
          <div className="w-56">
            <Select
              label="What is shown"
              value={least}
              onChange={setLeast}
              options={[
                { value: 'info', label: 'Everything' },
                { value: 'warn', label: 'Warnings and errors' },
                { value: 'error', label: 'Errors' },
              ]}
            />
          </div>
        </>
      }
    >
      {failure !== null && (
        <ErrorNote title="The log could not be read." remedy={failure.message} details={failure.details} />
      )}
      {data === null && failure === null && <Spinner label="Reading…" />}
      {data !== null && lines.length === 0 && (
        <EmptyState icon={ScrollText} title={all.length === 0 ? 'Nothing was told yet' : 'No line is like that'}>
          {all.length === 0
            ? 'Hookline tells here what it does by itself, and what goes wrong beside the runs.'
            : 'Fewer or other words may find it.'}
        </EmptyState>
      )}
      {lines.length > 0 && (
        <section
          aria-label="Lines of the log"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
          tabIndex={0}
          className="min-h-0 flex-1 overflow-auto rounded-lg border border-line bg-surface px-4 py-3 font-mono text-xs shadow-card"
        >
          {lines.map(({ key, at, level, text }) => (
            <div key={key} className="flex gap-3 py-0.5">
              <time className="shrink-0 text-ink-faint tabular-nums">{at}</time>
              <span className={classNames('w-14 shrink-0', LOOKS[level])}>{WORDS[level]}</span>
              <span className="min-w-0 break-words whitespace-pre-wrap text-ink">{text}</span>
            </div>
          ))}
          <div ref={end} />
        </section>
      )}
    </Page>
  )
}
