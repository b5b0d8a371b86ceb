import { CircleAlert, CircleDot } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useRef } from 'react'
import type { Problem } from '../../core/domain/zap/problem.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { AllowFolderButton } from '../files/allow-folder-button.tsx'
import { problemWords } from '../inspector/form/problem-words.ts'
import { useConnectors } from '../queries/connectors.ts'
import { Button } from '../ui/controls/button.tsx'

/** How many things are still to be done, and what: choosing one leads to its field. */
export function ProblemsPopover({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const store = useDraftStore()
  const problems = useDraft((state) => state.host.problems)
  const isLeaving = useRef(false)
  const isOpen = open && problems.length > 0
  return (
    <Popover.Root
      open={isOpen}
      onOpenChange={(next) => {
        if (next) store.getState().beStrict()
        onOpenChange(next)
      }}
    >
      {problems.length > 0 && (
        <Popover.Trigger asChild>
          <Button variant="ghost" className="text-waiting!" icon={CircleDot}>
            {problems.length === 1 ? '1 thing to do' : `${problems.length} things to do`}
          </Button>
        </Popover.Trigger>
      )}
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Problems"
          onCloseAutoFocus={(event) => {
            // The focus goes to the problem's field, and not back to the button.
            if (isLeaving.current) event.preventDefault()
            isLeaving.current = false
          }}
          className="z-40 flex max-h-96 w-96 animate-pop flex-col rounded-lg bg-raised shadow-float"
        >
          <p className="border-b border-line px-4 py-2.5 text-sm text-ink-soft">
            Before this zap can go live, there{' '}
            {problems.length === 1 ? 'is one thing' : `are ${problems.length} things`} to do:
          </p>
          <ul className="min-h-0 flex-1 overflow-y-auto p-1.5">
            {problems.map((problem) => (
              <li key={JSON.stringify(problem)}>
                <ProblemLine
                  problem={problem}
                  onGo={() => {
                    isLeaving.current = true
                    onOpenChange(false)
                    if (problem.step !== null) store.getState().focusOn(problem.step, problem.field)
                    else store.getState().select([])
                  }}
                />
                {problem.allowFolder !== undefined && (
                  <div className="pb-2 pl-[34px]">
                    <AllowFolderButton folder={problem.allowFolder} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function ProblemLine({ problem, onGo }: { problem: Problem; onGo(): void }) {
  const connectors = useConnectors()
  const step = useDraft((state) => state.history.present.steps.find((one) => one.id === problem.step))
  const manifest = step && connectors.get(step.uses)
  const name = step ? (step.name ?? manifest?.title ?? step.id) : 'The zap'
  return (
    <button
      type="button"
      className="flex w-full items-start gap-2.5 rounded px-2.5 py-2 text-left hover:bg-hover"
      onClick={onGo}
    >
      {problem.severity === 'structure' ? (
        <CircleAlert size={15} aria-hidden className="mt-0.5 shrink-0 text-error" />
      ) : (
        <CircleDot size={15} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
      )}
      <span className="min-w-0">
        <span className="block font-medium text-ink">{name}</span>
        <span className="block break-words text-ink-soft">{problemWords(problem, step, manifest)}</span>
      </span>
    </button>
  )
}
