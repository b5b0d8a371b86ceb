import type { TableSummary } from '../../core/contract/values.ts'
import { tableKey } from '../../core/domain/tables/table.ts'
import { type Answer, queries, useAnswer } from './queries.ts'

/** Every table, by name. */
export function useTables(): Answer<readonly TableSummary[]> {
  return useAnswer(queries.tables.list.queryOptions())
}

/** The table that a step means by a name. */
export function tableNamed(tables: readonly TableSummary[] | null, name: string): TableSummary | undefined {
  const key = tableKey(name)
  return tables?.find((table) => tableKey(table.name) === key)
}
