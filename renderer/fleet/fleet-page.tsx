import { useQuery } from '@tanstack/react-query'
import { Pause, Play, Plus, Server } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { FleetMember } from '../../core/contract/fleet-values.ts'
import { describeFailure } from '../api/failure.ts'
import { queries } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { AddHostDialog } from './add-host-dialog.tsx'
import { drain } from './drain.ts'
import { FleetCredentials } from './fleet-credentials.tsx'
import { FleetRuns } from './fleet-runs.tsx'
import { counted, hostsWords } from './fleet-words.ts'
import { Happenings } from './happenings.tsx'
import { MembersTable } from './members-table.tsx'
import { FleetPicture } from './picture.tsx'
import { RemoveHostDialog } from './remove-host-dialog.tsx'

/** How long ago a host was heard of goes on also when nothing is told. */
const TICK_MS = 5_000
const JOIN = 'hookline start --fleet nats://127.0.0.1:4222 --name NAME'

/** The hosts that are joined by a log: who takes in, who works, how far each is, and what happened among them. */
export function FleetPage() {
  const { data, error, refetch } = useQuery(queries.fleet.get.queryOptions({ refetchInterval: TICK_MS }))
  const failure = error === null ? null : describeFailure(error)
  const fleet = data ?? null
  const [isAdding, setAdding] = useState(false)
  const [removed, setRemoved] = useState<FleetMember | null>(null)
  const self = fleet?.members.find(({ isSelf }) => isSelf)
  return (
    <Page
      title="Fleet"
      subtitle={
        fleet !== null &&
        `${hostsWords(fleet)} connected, ${counted(
          fleet.members.reduce((sum, { runsAMinute }) => sum + runsAMinute, 0),
          'run',
        )} a minute`
      }
      actions={
        fleet !== null && (
          <>
            {self !== undefined && (
              <Button icon={self.state === 'draining' ? Play : Pause} onClick={() => void drain(self)}>
                {self.state === 'draining' ? 'Take events again' : 'Drain this host'}
              </Button>
            )}
            <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
              Add a host
            </Button>
          </>
        )
      }
    >
      {failure !== null && (
        <div className="mb-4">
          <ErrorNote
            title="The fleet could not be read."
            remedy={failure.message}
            details={failure.details}
            action={
              <Button size="sm" variant="ghost" onClick={() => void refetch()}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {data === undefined && failure === null && <Spinner label="Reading the fleet…" />}
      {data === null && (
        <EmptyState
          icon={Server}
          title="This host stands alone"
          action={<CopyButton words text={JOIN} label="Copy command" variant="secondary" size="md" />}
        >
          One computer is enough for most. To join several by a log (NATS JetStream or Kafka), start each with its name:
          <code className="mt-2 block font-mono text-xs text-ink">{JOIN}</code>
        </EmptyState>
      )}
      {fleet !== null && (
        <div className="flex flex-col gap-4">
          {fleet.problem !== null && <ErrorNote title="The log cannot be reached." remedy={fleet.problem.message} />}
          <FleetPicture fleet={fleet} />
          <MembersTable fleet={fleet} onRemove={setRemoved} />
          <div className="grid grid-cols-[2fr_1fr] items-start gap-4 max-[900px]:grid-cols-1">
            <Card title="What happened">
              <Happenings happened={fleet.happened} />
            </Card>
            <Card title="Credentials on other hosts">
              <FleetCredentials fleet={fleet} />
            </Card>
          </div>
          <section aria-label="Runs of all hosts">
            <h2 className="mb-2 font-semibold">Newest runs of all hosts</h2>
            <FleetRuns self={fleet.self} />
          </section>
          <AddHostDialog fleet={fleet} open={isAdding} onClose={() => setAdding(false)} />
        </div>
      )}
      <RemoveHostDialog member={removed} onClose={() => setRemoved(null)} />
    </Page>
  )
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <h2 id={id} className="border-b border-line bg-sunken px-4 py-1.5 text-sm font-medium text-ink-faint">
        {title}
      </h2>
      {children}
    </section>
  )
}
