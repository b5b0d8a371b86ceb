import { Search, SearchX, Zap } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ZapSummary } from '../../core/contract/values.ts'
import { useZaps } from '../queries/zaps.ts'
import { Button } from '../ui/controls/button.tsx'
import { Input } from '../ui/controls/input.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { NewZapMenu } from './new-zap-menu.tsx'
import { RefusalDialog } from './refusal-dialog.tsx'
import { matchesSearch } from './search-zaps.ts'
import { TablePlaceholder } from './table-placeholder.tsx'
import { WelcomeCard } from './welcome-card.tsx'
import type { Refusal } from './zap-actions.ts'
import { ZapTable } from './zap-table.tsx'

/** All zaps, and the ways to new ones. */
export function ZapsPage() {
  const { data: zaps, failure, reload } = useZaps()
  const [search, setSearch] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)

  const found = zaps?.filter((zap) => matchesSearch(zap, search)) ?? []
  const on = zaps?.filter((zap) => zap.status === 'enabled').length ?? 0
  return (
    <Page
      title="Zaps"
      {...(zaps !== null && zaps.length > 0 ? { subtitle: `${on} of ${zaps.length} on` } : {})}
      actions={
        <>
          <div className="relative">
            <Search size={14} aria-hidden className="pointer-events-none absolute top-[9px] left-2.5 text-ink-faint" />
            <Input
              type="search"
              aria-label="Search zaps"
              className="w-56 pl-8"
              placeholder="Search"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          </div>
          <NewZapMenu />
        </>
      }
    >
      {failure !== null && zaps === null && (
        <ErrorNote
          title="The zaps could not be read."
          remedy={failure.message}
          details={failure.details}
          action={
            <Button size="sm" variant="ghost" onClick={reload}>
              Try again
            </Button>
          }
        />
      )}
      {zaps === null && failure === null && <TablePlaceholder />}
      {zaps !== null && <Welcome zaps={zaps} />}
      {zaps !== null && zaps.length === 0 && (
        <EmptyState icon={Zap} title="No zaps yet" action={<NewZapMenu />}>
          A zap waits for something to happen, such as a webhook, a time, or your click, and then does its steps.
        </EmptyState>
      )}
      {zaps !== null && zaps.length > 0 && found.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={`No zap matches "${search}"`}
          action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
        />
      )}
      {found.length > 0 && <ZapTable zaps={found} onRefused={setRefusal} />}
      <RefusalDialog refusal={refusal} onClose={() => setRefusal(null)} />
    </Page>
  )
}

/** The card for the first minute; it stays after the first run came, until it is put away or the screen is left. */
function Welcome({ zaps }: { zaps: readonly ZapSummary[] }) {
  const [shownFor, setShownFor] = useState<string | null>(null)
  const [away, setAway] = useState(false)
  // Who has seen a run of any zap needs no first one.
  const isNew = zaps.every((zap) => zap.lastRun === null)
  const fresh = isNew ? zaps.find((zap) => zap.name.startsWith('Welcome') && zap.status === 'enabled') : undefined
  useEffect(() => {
    if (fresh !== undefined) setShownFor(fresh.id)
  }, [fresh])
  const zap = fresh ?? zaps.find((one) => one.id === shownFor)
  if (zap === undefined || away) return null
  return <WelcomeCard zap={zap} onDone={() => setAway(true)} />
}
