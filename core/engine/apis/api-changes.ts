import { type ImportedApp, operationBodies } from '../../db/apps.ts'
import type { Database } from '../../db/open.ts'
import { listZaps } from '../../db/zaps.ts'
import { type Apis, sliceFor } from './apis.ts'

/** What another description of an app changes: titles of operations, and the zaps that notice. */
export type ApiChanges = {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly gone: readonly string[]
  readonly zaps: readonly {
    readonly zapId: string
    readonly name: string
    readonly changed: readonly string[]
    readonly gone: readonly string[]
  }[]
}

/** The steps of all zaps that use an app, by the operation that they name. */
export async function stepsOf(database: Pick<Database, 'reader'>, slug: string) {
  const zaps = await listZaps(database.reader)
  return zaps.flatMap(({ id, name, draft }) => {
    const operations = draft.steps.flatMap(({ uses, input }) =>
      /^app\.(?:call|poll|event)$/.test(uses) && input.app === slug && typeof input.operation === 'string'
        ? [input.operation]
        : [],
    )
    return operations.length === 0 ? [] : [{ zapId: id, name, operations: [...new Set(operations)] }]
  })
}

/** Compares an app with a description that was read. Operations are the same when method and path are, whatever the names in the path. */
export async function apiChanges(
  database: Pick<Database, 'reader'>,
  apis: Pick<Apis, 'find'>,
  old: ImportedApp,
  next: ImportedApp,
): Promise<ApiChanges> {
  const before = await operationBodies(database.reader, old.id)
  const after = await operationBodies(database.reader, next.id)
  const added: string[] = []
  const changed: string[] = []
  for (const [key, { title, body }] of after) {
    const was = before.get(key)
    if (was === undefined) added.push(title)
    else if (Buffer.compare(was.body, body) !== 0) changed.push(title)
  }
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, { title }]) => title)
  const zaps = []
  for (const { zapId, name, operations } of await stepsOf(database, old.slug ?? '')) {
    const touched = { zapId, name, changed: [] as string[], gone: [] as string[] }
    for (const operation of operations) {
      const was = await apis.find(old, operation)
      const is = await apis.find(next, operation)
      if (is === undefined) touched.gone.push(was?.row.title ?? operation)
      else if (
        was === undefined ||
        JSON.stringify(sliceFor(old, operation, was)) !==
          JSON.stringify(sliceFor({ ...next, address: old.address, title: old.title }, operation, is))
      )
        touched.changed.push(is.row.title)
    }
    if (touched.changed.length + touched.gone.length > 0) zaps.push(touched)
  }
  return { added, changed, gone, zaps }
}
