import type { Knex } from 'knex'
import { operationInput, pathValues } from '../../connectors/app/operation-input.ts'
import { findOperationsOf, type ImportedApp, listApps, type OperationRow } from '../../db/apps.ts'
import { withoutTrailing } from '../../domain/templates/trailing.ts'
import type { JsonObject } from '../../domain/values/json.ts'
import { type Apis, sliceFor } from './apis.ts'

/** The operation of an app that does what a plain request does, and how its step is filled in. */
export type MatchedOperation = { readonly app: ImportedApp; readonly row: OperationRow; readonly input: JsonObject }

/** Longer addresses are no calls of an operation that anyone would write down. */
const MOST_CHARS = 8_000

/**
 * Finds the operation of an app that a person added which sends what an `http.request` with this input would: below the app's address, and with
 * nothing that the operation does not know. Undefined when there is none.
 */
export async function matchRequest(
  { reader, find }: { readonly reader: Knex; readonly find: Apis['find'] },
  request: JsonObject,
): Promise<MatchedOperation | undefined> {
  const { url, method } = request
  if (typeof url !== 'string' || typeof method !== 'string' || url.length > MOST_CHARS) return undefined
  const [address = ''] = withPlainOrigin(url).split(/[?#]/)
  for (const app of await listApps(reader)) {
    const base = withPlainOrigin(withoutTrailing(app.address, '/'))
    if (base === '' || !(address === base || address.startsWith(`${base}/`))) continue
    const way = address.slice(base.length) || '/'
    const rows = await findOperationsOf(reader, app.id, method, way.split('/').length - 1)
    const fitting = rows
      .flatMap((row) => {
        const values = pathValues(row.path, way)
        return values === null ? [] : [{ row, values }]
      })
      // `/users/me` is meant where there is also `/users/{id}`.
      .toSorted((a, b) => a.values.size - b.values.size)
    for (const { row, values } of fitting) {
      const found = await find(app, row.key)
      if (found === undefined || !('operation' in found)) continue
      const input = operationInput(sliceFor(app, row.key, found), values, request)
      if (input !== null) return { app, row, input }
    }
  }
  return undefined
}

/** An address whose origin is written as every other's is: in small letters, without the port that goes without saying. */
function withPlainOrigin(address: string): string {
  const [written = ''] = /^https?:\/\/[^/?#{}@\\]+/i.exec(address) ?? []
  const origin = URL.parse(written)?.origin ?? written
  return `${origin}${address.slice(written.length)}`
}
