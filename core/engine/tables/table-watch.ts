import type { TableEvent } from '../../connectors/trigger-sources.ts'
import { acceptEvent } from '../../db/accept-event.ts'
import type { Tx } from '../../db/executor.ts'
import type { DataRow } from '../../db/table-rows.ts'
import type { DataTable } from '../../db/tables.ts'
import { getCallChain } from '../../db/trigger-events.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { rowObject, tableKey } from '../../domain/tables/table.ts'
import { type Json, jsonEquals } from '../../domain/values/json.ts'

/** A zap that is started by changes of a table. */
export type WatchingTable = {
  readonly zapId: string
  readonly zapName: string
  readonly version: number
  readonly stepId: string
  readonly table: string
  readonly events: readonly TableEvent[]
}

/** The step of a run that changes a table. */
export type ChangeCause = { readonly runId: string; readonly eventId: string; readonly depth: number }

export type RowChange = {
  readonly event: TableEvent
  readonly row: DataRow
  readonly before: DataRow | null
  /** Of all changes of its table. */
  readonly revision: number
}

/** What changes start: the zaps that have something due, and the names of those that are not started by what they did themselves. */
export type Started = { readonly zapIds: Set<string>; readonly held: Set<string> }

/** Zaps that change tables which start each other may lie so deep above one another. */
const MAX_DEPTH = 20

/** The zaps that are started by changes of tables. */
export type TableWatch = {
  /** Replaces them. */
  set(watching: readonly WatchingTable[]): void
  /**
   * Stores an event for every zap that watches for a change, in the transaction that makes it. A zap is not started by what a run that it began did
   * itself, nor by what follows from that, so that it cannot go on for ever: it is among those that are held.
   *
   * @throws StepError `table-loop` where zaps started each other too deep.
   */
  accept(tx: Tx, table: DataTable, changes: readonly RowChange[], cause: ChangeCause | null, now: number): Started
}

export function createTableWatch(): TableWatch {
  let watches: readonly WatchingTable[] = []
  return {
    set(watching) {
      watches = watching
    },
    accept(tx, table, changes, cause, now) {
      const started: Started = { zapIds: new Set(), held: new Set() }
      if (watches.length === 0 || changes.length === 0) return started
      const names = new Set([tableKey(table.name), ...table.former])
      const watching = watches.filter((watch) => names.has(tableKey(watch.table)))
      if (watching.length === 0) return started
      const chain = cause === null ? [] : getCallChain(tx, { id: cause.eventId })
      for (const change of changes) {
        for (const watch of watching) {
          if (!watch.events.includes(change.event)) continue
          if (chain.some((link) => link.zapId === watch.zapId && link.triggerStepId === watch.stepId)) {
            started.held.add(watch.zapName)
            continue
          }
          if (cause !== null && cause.depth >= MAX_DEPTH) throw tooDeep(table, watch)
          acceptEvent(tx, {
            zapId: watch.zapId,
            version: watch.version,
            triggerStepId: watch.stepId,
            dedupeKey: `table:${table.id}:${change.revision}`,
            data: eventOf(table, change),
            receivedAt: now,
            ...(cause === null ? {} : { caller: { runId: cause.runId, depth: cause.depth } }),
          })
          started.zapIds.add(watch.zapId)
        }
      }
      return started
    },
  }
}

function eventOf({ name, columns }: DataTable, { event, row, before }: RowChange): Json {
  const old = before === null ? null : rowObject(columns, before.cells)
  const now = event === 'removed' ? null : rowObject(columns, row.cells)
  const fields = Object.keys(now ?? old ?? {}).filter((key) => !jsonEquals(now?.[key] ?? null, old?.[key] ?? null))
  return {
    event,
    table: name,
    id: row.id,
    row: now,
    before: old,
    fields,
    at: new Date(row.changedAt).toISOString(),
  }
}

function tooDeep(table: DataTable, watch: WatchingTable): StepError {
  const message = `Changes of tables started zaps ${MAX_DEPTH} times deep, and this change of “${table.name}” would start "${watch.zapName}" once more: let one of these zaps end without changing a table. Nothing was changed by this step.`
  return new StepError({ code: 'table-loop', message, retryable: false })
}
