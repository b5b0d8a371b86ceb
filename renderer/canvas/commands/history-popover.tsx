import { History } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useMemo, useState } from 'react'
import { differenceOf } from '../../../core/domain/zap/zap-difference.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import type { History as Past } from '../../draft/session/history.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { summaryOfChanges } from '../../steps/change-words.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { classNames } from '../../ui/look/class-names.ts'

/** Steps of work that are listed on either side of the present. */
const LISTED = 50

/** Every step of work since the zap was opened, the newest first. Choosing one takes back, or does again, all up to it. */
export function HistoryPopover() {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton icon={History} label="History" tooltipSide="top" className={isOpen ? 'bg-press' : ''} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          aria-label="History"
          className="z-40 flex max-h-96 w-80 animate-pop flex-col rounded-lg bg-raised shadow-float"
        >
          <HistoryList />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function HistoryList() {
  const store = useDraftStore()
  const connectors = useConnectors()
  const history = useDraft((state) => state.history)
  const entries = useMemo(() => entriesOf(history), [history])
  const words = useMemo(
    () => entries.map(({ before, after }) => summaryOfChanges(differenceOf(before, after), connectors)),
    [entries, connectors],
  )
  const isLonger = history.past.length > LISTED
  return (
    <>
      <p className="border-b border-line px-4 py-2.5 text-sm text-ink-soft">
        {entries.length === 0 ? 'What you do appears here.' : 'Choose how far to go back, or forward again.'}
      </p>
      <ol className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {entries.map(({ steps }, index) => (
          <HistoryLine key={steps} steps={steps} onGo={() => store.getState().goInHistory(steps)}>
            {words[index]}
          </HistoryLine>
        ))}
        <HistoryLine
          steps={-Math.min(history.past.length, LISTED)}
          onGo={() => store.getState().goInHistory(-Math.min(history.past.length, LISTED))}
        >
          {isLonger ? `Before the last ${LISTED} changes` : 'As the zap was opened'}
        </HistoryLine>
      </ol>
    </>
  )
}

function HistoryLine({ steps, onGo, children }: { steps: number; onGo(): void; children: React.ReactNode }) {
  return (
    <li>
      <button
        type="button"
        aria-current={steps === 0 || undefined}
        onClick={onGo}
        className={classNames(
          'flex min-h-8 w-full items-center rounded px-2.5 py-1 text-left',
          steps === 0 ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-hover',
          steps > 0 && 'text-ink-faint italic',
        )}
      >
        <span className="min-w-0 truncate">{children}</span>
      </button>
    </li>
  )
}

type Entry<T> = {
  /** How many steps of undo (negative) or redo lead to the state after this step of work. */
  readonly steps: number
  readonly before: T
  readonly after: T
}

/** The steps of work around the present, the newest first. */
function entriesOf<T>({ past, present, future }: Past<T>): readonly Entry<T>[] {
  const near = past.slice(-LISTED)
  const states = [...near, present, ...future.slice(0, LISTED)]
  return states
    .flatMap((after, index) => {
      const before = states[index - 1]
      return before === undefined ? [] : [{ steps: index - near.length, before, after }]
    })
    .reverse()
}
