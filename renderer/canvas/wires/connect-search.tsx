import { Command } from 'cmdk'
import { Link2, Unlink } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Edge, Step } from '../../../core/domain/zap/zap-file.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { stepTitle } from '../../steps/change-words.ts'
import { outputPorts } from '../../steps/step-ports.ts'
import { SearchPanel } from '../adding/search-panel.tsx'
import type { ScreenPoint } from '../canvas-actions.ts'
import { connectChoices } from './connect-choices.ts'

/** Steps that one output lists; typing finds the others. */
const LISTED = 50

/** Connects a step without a mouse: choose an output and the step that it leads to, or a connection to take away. */
export function ConnectSearch(props: {
  readonly at: ScreenPoint
  readonly from: string
  onConnect(edge: Edge): void
  onDisconnect(edge: Edge): void
  onClose(): void
}) {
  const zap = useDraft((state) => state.history.present)
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  const step = zap.steps.find((one) => one.id === props.from)
  const choices = useMemo(() => {
    if (!step) return []
    const outgoing = zap.edges.filter((edge) => edge.from === step.id)
    const isTrigger = (uses: string): boolean => connectors.get(uses)?.kind === 'trigger'
    return connectChoices(zap, step.id, outputPorts(step, connectors.get(step.uses), outgoing), isTrigger)
  }, [zap, step, connectors])
  if (!step) return null

  const title = stepTitle(step, connectors)
  const isFound = (one: Step): boolean =>
    `${stepTitle(one, connectors)} ${one.id}`.toLowerCase().includes(search.trim().toLowerCase())
  const line = (one: Step) => (
    <>
      <span className="truncate text-ink">{stepTitle(one, connectors)}</span>
      <span className="ml-auto font-mono text-xs text-ink-faint">{one.id}</span>
    </>
  )
  return (
    <SearchPanel
      at={props.at}
      label={`Connect ${title}`}
      placeholder="Which step comes next?"
      none={search === '' ? 'There is no step that could come next.' : 'No step that could come next is called that.'}
      search={search}
      onSearch={setSearch}
      onClose={props.onClose}
    >
      {choices.map(({ port, label, free }) => (
        <Group key={port} heading={label === null ? `Connect ${title} to` : `Connect “${label}” to`}>
          {free
            .filter(isFound)
            .slice(0, LISTED)
            .map((one) => (
              <Command.Item
                key={one.id}
                value={`${port} ${one.id}`}
                onSelect={() => props.onConnect({ from: step.id, port, to: one.id })}
                className="command-item"
              >
                <Link2 aria-hidden className="mx-1.5 size-4 shrink-0 text-ink-faint" />
                {line(one)}
              </Command.Item>
            ))}
        </Group>
      ))}
      <Group heading="Take a connection away">
        {choices.flatMap(({ port, label, taken }) =>
          taken
            .filter((one) => isFound(one.step))
            .map(({ step: to, edge }) => (
              <Command.Item
                key={`${port} ${to.id}`}
                value={`taken ${port} ${to.id}`}
                onSelect={() => props.onDisconnect(edge)}
                className="command-item"
              >
                <Unlink aria-hidden className="mx-1.5 size-4 shrink-0 text-ink-faint" />
                {label !== null && <span className="shrink-0 text-ink-faint">{label} →</span>}
                {line(to)}
              </Command.Item>
            )),
        )}
      </Group>
    </SearchPanel>
  )
}

// A heading over nothing would be read as a choice.
function Group({ heading, children }: { heading: string; children: readonly React.ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <Command.Group heading={heading} className="command-group">
      {children}
    </Command.Group>
  )
}
