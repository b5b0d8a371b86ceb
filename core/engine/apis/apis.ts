import { createHash } from 'node:crypto'
import {
  dropApp,
  findApp,
  findOperation,
  findParts,
  forgetApps,
  type ImportedApp,
  insertApp,
  insertOperations,
  insertParts,
  type OperationRow,
} from '../../db/apps.ts'
import type { Database } from '../../db/open.ts'
import type { ApiEvent, Operation, Slice } from '../../domain/openapi/api.ts'
import { operationForm } from '../../domain/openapi/operation-form.ts'
import type { Parts } from '../../domain/openapi/parts.ts'
import { sampleOf } from '../../domain/openapi/sample.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { withoutTrailing } from '../../domain/templates/trailing.ts'
import type { Clock } from '../../domain/time/clock.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { isJsonList, type Json, type JsonObject } from '../../domain/values/json.ts'
import { parsePath, valueAt } from '../../domain/values/value-path.ts'
import type { Step, ZapFile } from '../../domain/zap/zap-file.ts'
import type { WorkThread } from '../../threads/work-thread.ts'
import type { OutgoingFetch } from '../guarded-fetch.ts'
import { type ApiHead, pieceSchema, readStored, refsIn, storedBody, storedOperation } from './api-rows.ts'

/** A file of a description that is to be read. */
export type ApiFile = { readonly path: string; readonly content: Uint8Array }

/** Bytes of a description, and the files that it may consist of: twice what the largest real ones have. */
export const MOST_API_BYTES = 33_554_432
export const MOST_API_FILES = 3_000
/** Milliseconds that reading one may take. */
const READ_MS = 20_000
/** Parts that one form is made of, and how far they are from its operation. */
const MOST_PARTS = 400
const MOST_STEPS = 8
/** For so long one that is only looked at is kept. */
const LOOK_MS = 86_400_000
const FORGOTTEN = 500

/** An operation with all that its form needs. */
export type FoundOperation = { readonly row: OperationRow; readonly operation: Operation; readonly parts: Parts }
export type FoundEvent = { readonly row: OperationRow; readonly event: ApiEvent; readonly parts: Parts }

/** APIs that people added with their descriptions (ADR 44). */
export type Apis = {
  /** What is at an address, to be read. Throws a StepError when it cannot be had. */
  download(url: string): Promise<ApiFile>
  /** Reads a description and stores it as one that is looked at. Throws a StepError with a sentence for what is none, or is too large. */
  read(files: readonly ApiFile[], source: string): Promise<ImportedApp>
  /** An operation by its key, by method and path, or by its id; or an event by its name. */
  find(app: ImportedApp, operation: string): Promise<FoundOperation | FoundEvent | undefined>
  /** A zap whose steps carry what their apps say now. What is not known (any more) is carried on as it was. */
  carry(file: ZapFile): Promise<ZapFile>
  /** What of a step's output its operation says beforehand, by example; undefined where nothing is said. */
  sample(step: Step): Promise<JsonObject | undefined>
  /** Takes an app away; steps go on with what their zaps carry. */
  remove(app: ImportedApp): Promise<void>
}

export function createApis({
  database,
  heavy,
  clock,
  fetch,
}: {
  readonly database: Database
  readonly heavy: Pick<WorkThread, 'run'>
  readonly clock: Clock
  readonly fetch: OutgoingFetch
}): Apis {
  const { reader } = database

  async function read(files: readonly ApiFile[], source: string): Promise<ImportedApp> {
    const bytes = files.reduce((sum, { content }) => sum + content.length, 0)
    if (bytes > MOST_API_BYTES || files.length > MOST_API_FILES)
      throw refusal(`A description may have ${MOST_API_BYTES / 1_048_576} MB in ${MOST_API_FILES} files; this is more.`)
    if (bytes === 0) throw refusal('There is nothing in it.')
    await forget()
    const hash = createHash('sha256')
    for (const { content } of files) hash.update(content)
    const options = { files: files.map(({ path, content }) => ({ path, bytes: content.length })) }
    const limit = AbortSignal.timeout(READ_MS)
    const pieces = heavy.run('app.read', contentOf(files), options, limit)
    let id: number | undefined
    try {
      for await (const piece of pieces) {
        const said = pieceSchema.parse(
          JSON.parse(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8')),
        )
        id = await store(said, id, { source, bytes, sha256: hash.copy().digest('hex') })
      }
    } catch (error) {
      if (id !== undefined) await forgetNow(id)
      if (limit.aborted) throw refusal(`It takes longer than ${READ_MS / 1_000} s to read it.`)
      throw error
    }
    const app = id === undefined ? undefined : await findApp(reader, { id })
    if (app === undefined) throw new Error('a description without a head')
    return app
  }

  type Piece = ReturnType<typeof pieceSchema.parse>

  async function store(
    said: Piece,
    id: number | undefined,
    of: Pick<ImportedApp, 'source' | 'bytes' | 'sha256'>,
  ): Promise<number> {
    return database.write((tx) => {
      if ('head' in said)
        return insertApp(
          tx,
          { ...said.head, ...of, address: suggestedAddress(said.head, of.source), credential: null },
          clock.now(),
        )
      if (id === undefined) throw new Error('rows before the head')
      if ('operations' in said) insertOperations(tx, id, said.operations.map(storedOperation))
      else
        insertParts(
          tx,
          id,
          said.parts.map(({ ref, body }) => ({ ref, body: storedBody(body) })),
        )
      return id
    })
  }

  /** What was taken away, or only looked at a day ago, in parts so that nothing waits long for it. */
  async function forget(): Promise<void> {
    while (await database.write((tx) => forgetApps(tx, clock.now() - LOOK_MS, FORGOTTEN)));
  }

  async function forgetNow(id: number): Promise<void> {
    await database.write((tx) => dropApp(tx, id))
    await forget()
  }

  async function find(app: ImportedApp, operation: string): Promise<FoundOperation | FoundEvent | undefined> {
    const row =
      (await findOperation(reader, app.id, keyOf(operation))) ??
      (await findOperation(reader, app.id, `EVENT ${operation}`))
    if (row === undefined) return undefined
    const { body, ...known } = row
    const value = readStored(body)
    const parts = await partsOf(app.id, value)
    // Hookline's own rows, as the thread wrote them.
    return row.flags.isEvent
      ? { row: known, event: value as unknown as ApiEvent, parts }
      : { row: known, operation: value as unknown as Operation, parts }
  }

  async function partsOf(appId: number, value: Json): Promise<Parts> {
    const found = new Map<string, JsonObject>()
    let wanted = [...refsIn(value)]
    for (let step = 0; step < MOST_STEPS && wanted.length > 0 && found.size < MOST_PARTS; step++) {
      const rows = await findParts(reader, appId, wanted.slice(0, MOST_PARTS - found.size))
      const next = new Set<string>()
      for (const { ref, body } of rows) {
        const part = readStored(body)
        found.set(ref, part as JsonObject)
        refsIn(part, next)
      }
      wanted = [...next].filter((ref) => !found.has(ref))
    }
    return { part: (ref) => found.get(ref) }
  }

  async function carry(file: ZapFile): Promise<ZapFile> {
    if (!file.steps.some(({ uses }) => APP_STEPS.has(uses))) return file
    const apps = new Map<string, ImportedApp | undefined>()
    const steps: Step[] = []
    for (const step of file.steps) {
      const { app: slug, operation } = step.input
      if (!APP_STEPS.has(step.uses) || typeof slug !== 'string' || typeof operation !== 'string') {
        steps.push(step)
        continue
      }
      if (!apps.has(slug)) apps.set(slug, await findApp(reader, { slug }))
      const app = apps.get(slug)
      const found = app && (await find(app, operation))
      // As JSON, in which nothing is undefined.
      const slice: Json | undefined =
        app && found ? JSON.parse(JSON.stringify(sliceFor(app, operation, found))) : undefined
      const { slice: carried, ...input } = step.input
      const isOfIt =
        typeof carried === 'object' && carried !== null && 'operation' in carried && carried.operation === operation
      const kept = slice ?? (isOfIt ? carried : undefined)
      steps.push({ ...step, input: kept === undefined ? input : { ...input, slice: kept } })
    }
    return { ...file, steps }
  }

  async function download(url: string): Promise<ApiFile> {
    const address = URL.parse(url)
    if (address === null || !/^https?:$/.test(address.protocol))
      throw refusal(`"${shownAddress(url)}" is no address that begins with http:// or https://.`)
    const response = await fetch({
      method: 'GET',
      url: address.href,
      headers: { accept: 'application/json, application/yaml;q=0.9, */*;q=0.5', 'user-agent': 'Hookline' },
      body: null,
      signal: AbortSignal.timeout(READ_MS),
      maxBytes: MOST_API_BYTES,
    })
    if (response.status >= 400) throw refusal(`${shownAddress(url)} answered ${response.status}.`)
    return { path: address.pathname.split('/').at(-1) || 'description', content: response.body }
  }

  async function sample({ uses, input }: Step): Promise<JsonObject | undefined> {
    const app = typeof input.app === 'string' ? await findApp(reader, { slug: input.app }) : undefined
    const found = app && typeof input.operation === 'string' ? await find(app, input.operation) : undefined
    const body = found && exampleOf(found)
    if (body === undefined || found === undefined) return undefined
    if (uses !== 'app.poll') return { body }
    const list = 'operation' in found ? found.operation.list : null
    const items = list === null ? undefined : valueAt(body, parsePath(list.path) ?? [])
    return items !== undefined && isJsonList(items) && items[0] !== undefined
      ? { item: items[0], position: 0 }
      : undefined
  }

  return {
    sample,
    download,
    read,
    find,
    carry,
    async remove(app) {
      await database.write((tx) => dropApp(tx, app.id))
      await forget()
    },
  }
}

const APP_STEPS: ReadonlySet<string> = new Set(['app.call', 'app.poll', 'app.event'])

async function* contentOf(files: readonly ApiFile[]): AsyncIterable<Uint8Array> {
  for (const { content } of files) yield content
}

/** The key of an operation that is written as method and path, whatever the names in the path are. */
function keyOf(operation: string): string {
  return /^[a-z]+\s+\//i.test(operation)
    ? operation.replace(/^\S+\s+/, (method) => `${method.trim().toUpperCase()} `).replace(/\{[^{}]*\}/g, '{}')
    : operation
}

/** An example of what an operation answers, or an event brings; undefined where nothing is said of it. */
export function exampleOf(found: FoundOperation | FoundEvent): Json | undefined {
  const { schema, example } = 'event' in found ? found.event : found.operation.answer
  return example ?? (schema === null ? undefined : sampleOf(schema, found.parts))
}

/** What a zap carries for a step of an operation. Text of the description must not pass for a template. */
export function sliceFor(app: ImportedApp, operation: string, found: FoundOperation | FoundEvent): Slice {
  const isCall = 'operation' in found
  const form = isCall ? operationForm(found.operation, found.parts) : null
  return {
    operation,
    title: found.row.title.replaceAll('{', '(').replaceAll('}', ')'),
    app: app.title.slice(0, 300),
    address: app.address,
    method: isCall ? found.operation.method : 'POST',
    path: isCall ? found.operation.path : '/',
    fields: [...(form?.fields ?? [])].slice(0, 1_000),
    body: form?.body ?? null,
    keyHeader: isCall ? found.operation.keyHeader : null,
    list: isCall ? found.operation.list : null,
  }
}

/** The first address of a description that is a whole one, or what its own address makes of one. */
function suggestedAddress({ servers }: ApiHead, source: string): string {
  const base = /^https?:\/\//i.test(source) ? source : undefined
  for (const server of servers.length === 0 && base !== undefined ? ['/'] : servers) {
    const url = URL.parse(server, base)
    if (url !== null && /^https?:$/.test(url.protocol) && !server.includes('{')) {
      url.username = ''
      url.password = ''
      return withoutTrailing(url.href, '/')
    }
  }
  return ''
}

function refusal(message: string): StepError {
  return new StepError({ code: 'no-description', message, retryable: false })
}
