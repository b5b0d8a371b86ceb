import { hashKey, type Query, type QueryFilters } from '@tanstack/react-query'
import type { AppEvent, History, RunDetail, RunSummary, Status, ZapSummary } from '../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../core/domain/runs/states.ts'
import { useConnection } from '../api/connection.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { savedHere } from './drafts.ts'
import { cache, patchAnswer, queries } from './queries.ts'
import { withLastRuns } from './zap-last-runs.ts'

/** Answers that are not good any more, and how long to wait at least between reading them again, in milliseconds. */
type Stale = QueryFilters & { readonly queryKey: readonly unknown[]; readonly everyMs: number }

/** What each event makes stale, and what it says itself: the one place where events and answers meet. */
const RULES: { readonly [Type in AppEvent['type']]?: (event: Extract<AppEvent, { type: Type }>) => readonly Stale[] } =
  {
    zaps({ ids, drafts }) {
      // What this window saved, it knows already.
      const news = ids.filter((id) => drafts[id] === undefined || drafts[id] > savedHere(id))
      return [
        // Which zaps use a credential is told with it.
        stale(queries.credentials.list.key(), 2_000),
        // And which use a table.
        stale(queries.tables.list.key(), 2_000),
        ...(news.length > 0 ? [stale(queries.zaps.list.key(), 400)] : []),
        ...news.map((id) => stale(queries.zaps.get.key({ input: { id } }), 50)),
        ...ids.flatMap((id) => [
          stale(queries.zaps.samples.key({ input: { id } }), 250),
          stale(queries.zaps.permissions.key({ input: { id } }), 250),
        ]),
        ...ids
          .filter((id) => drafts[id] === undefined)
          .map((id) => stale(queries.zaps.versions.key({ input: { id } }), 250)),
      ]
    },
    runs({ runs, more }) {
      patchAnswer<ZapSummary[]>(queries.zaps.list.queryKey(), (zaps) => withLastRuns(zaps, runs))
      const ended = new Set(runs.filter(isOver).map((run) => run.zapId))
      return [
        ...openedRuns(runs, more),
        ...[...ended].map((id) => stale(queries.zaps.samples.key({ input: { id } }), 1_000)),
        stale(queries.runs.list.key(), 1_000),
        stale(queries.memory.list.key(), 1_000),
        stale(queries.outbox.throughput.key(), 1_000),
        stale(queries.approvals.list.key(), 300),
        // The counts of the last 24 hours: twice in five seconds is live enough for a bar.
        stale(queries.zaps.list.key(), 2_500),
      ]
    },
    status({ status }) {
      cache.setQueryData<Status>(queries.system.status.queryKey(), status)
      return [
        stale(queries.approvals.list.key(), 300),
        // The host counts a whole table for these.
        stale(queries.outbox.stats.key(), 2_000),
        stale(queries.outbox.deadLetters.key(), 2_000),
        stale(queries.incidents.list.key(), 2_000),
      ]
    },
    inbox: () => [stale(queries.inbox.list.key(), 500)],
    polls: () => [stale(queries.zaps.polls.key(), 250), stale(queries.zaps.subscriptions.key(), 250)],
    backups: () => [stale(queries.backups.list.key(), 250)],
    settings: () => [stale(queries.settings.list.key(), 100), stale(queries.history.get.key(), 1_000)],
    credentials: () => [stale(queries.credentials.list.key(), 250)],
    tables: () => [stale(queries.tables.list.key(), 500), stale(queries.tables.rows.key(), 300)],
    apps: () => [
      stale(queries.apps.list.key(), 100),
      stale(queries.apps.find.key(), 100),
      stale(queries.apps.operation.key(), 100),
    ],
    connectors: () => [stale(queries.connectors.key(), 100)],
    folders: () => [stale(queries.files.allowed.key(), 100), stale(queries.system.info.key(), 100)],
    fleet: () => [stale(queries.fleet.get.key(), 1_000), stale(queries.fleet.runs.key(), 2_000)],
    sessions: () => [stale(queries.sessions.list.key(), 500)],
    shell: () => [stale(queries.shell.state.key(), 250), stale(queries.settings.list.key(), 250)],
    tunnel: () => [stale(queries.tunnel.settings.key(), 100)],
    bulk: () => [stale(queries.bulk.list.key(), 100)],
    history({ job }) {
      patchAnswer<History>(queries.history.get.queryKey(), (history) => ({ ...history, job }))
      return job.state === 'running' ? [] : [stale(queries.history.get.key(), 0)]
    },
  }

/** Follows the host for as long as the page lives. Call once. */
export function keepAnswersFresh(): void {
  onAppEvent((event) => {
    for (const one of staleBy(event)) void readAgain(one)
  })
  // Events were missed: every answer may be another by now.
  onResumed(() => void cache.invalidateQueries())
  // What could not be asked while there was no connection.
  useConnection.subscribe(({ generation }, before) => {
    if (generation !== before.generation)
      void cache.refetchQueries({ type: 'active', predicate: (query) => query.state.status === 'error' })
  })
}

function staleBy<Type extends AppEvent['type']>(event: Extract<AppEvent, { type: Type }>): readonly Stale[] {
  // The key and the event have the same type, which the compiler does not follow through a mapped type.
  const rule = RULES[event.type as Type] as ((event: AppEvent) => readonly Stale[]) | undefined
  return rule?.(event) ?? []
}

function stale(queryKey: readonly unknown[], everyMs: number, predicate?: (query: Query) => boolean): Stale {
  return { queryKey, everyMs, ...(predicate && { predicate }) }
}

/** The runs that are being looked at, of those that changed. Under load only a part of these is named: then all that may go on. */
function openedRuns(changed: readonly RunSummary[], more: boolean): readonly Stale[] {
  const kept = cache.getQueryCache().findAll({ queryKey: queries.runs.get.key() })
  if (kept.length === 0) return []
  const ids = new Set(changed.map(({ id }) => id))
  return kept.flatMap((query) => {
    const [, asked] = query.queryKey as ReturnType<typeof queries.runs.get.key>
    const detail = query.state.data as RunDetail | undefined // what `runs.get` answers
    const isNews = ids.has(asked.input?.id ?? '') || (more && !(detail && isOver(detail.run)))
    return isNews ? [stale(query.queryKey, 100)] : []
  })
}

const isOver = ({ status }: Pick<RunSummary, 'status'>): boolean => isTerminal(runTransitions, status)

/** Answers that are being read again, and whether they have become stale once more since. */
const underWay = new Map<string, { again: boolean }>()

/**
 * Reads stale answers again where a screen shows them; the others are read when one does. Never twice at a time, and never more often
 * than they bear; what happens meanwhile is not missed.
 */
export async function readAgain({ everyMs, ...filters }: Stale): Promise<void> {
  void cache.invalidateQueries({ ...filters, refetchType: 'none' })
  const name = hashKey(filters.queryKey)
  const other = underWay.get(name)
  if (other !== undefined) {
    other.again = true
    return
  }
  const shown = cache.getQueryCache().findAll({ ...filters, type: 'active' })
  if (shown.length === 0) return
  const state = { again: false }
  underWay.set(name, state)
  do {
    // A first answer that is on its way is waited for, not asked for anew, and may be older than the event.
    state.again = shown.some((query) => query.state.data === undefined && query.state.fetchStatus === 'fetching')
    await cache.refetchQueries({ ...filters, type: 'active' })
    await new Promise((resolve) => setTimeout(resolve, everyMs))
    // The answer that has just come made them good again, although it may be older than the last event.
    if (state.again) void cache.invalidateQueries({ ...filters, refetchType: 'none' })
  } while (state.again)
  underWay.delete(name)
}
