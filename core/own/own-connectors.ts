import { createHash } from 'node:crypto'
import { type FSWatcher, readdirSync, readFileSync, realpathSync, watch } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ConnectorList } from '../connectors/catalogue.ts'
import { type Connector, defineAction, defineTrigger, type Effect } from '../connectors/define.ts'
import { POLL_TIMES } from '../connectors/kit/poll-fields.ts'
import { familyOf, type Manifest } from '../connectors/manifest.ts'
import type { StartIsolated } from '../domain/host/adapters.ts'
import type { Log } from '../domain/host/log.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Touch } from '../domain/trust/permissions.ts'
import { type JsonObject, jsonSchema } from '../domain/values/json.ts'
import { issueWords } from '../domain/zap/issue-words.ts'
import { connectorSource, type WrittenConnector } from './connector-source.ts'
import { type OwnFamily, ownFamilySchema } from './own-messages.ts'
import { createOwnProcess, type OwnProcess } from './own-work.ts'

/** A file of connectors, as its person sees it. */
export type OwnFile = {
  readonly file: string
  /** `off` until it is approved; `broken` when it was, and cannot be read as it is now. */
  readonly state: 'off' | 'on' | 'broken' | 'missing'
  readonly problem: string | null
  readonly app: { readonly id: string; readonly title: string } | null
  readonly connectors: { readonly id: string; readonly title: string; readonly kind: 'trigger' | 'action' }[]
}

/** What is kept of a file that was approved: what it was then, so that a start need not read it. */
export type Approved = { readonly sha256: string; readonly family: OwnFamily }

/** The connectors in `<data>/connectors/*.mjs`. None is read before a person approved its file. */
export type OwnConnectors = ConnectorList & {
  readonly folder: string
  files(): OwnFile[]
  /** Reads a file and takes its connectors. Rejects with a StepError that says what is wrong with it; then nothing has changed. */
  approve(file: string): Promise<OwnFile>
  turnOff(file: string): Promise<void>
  /** Writes the file of a connector that a person made of a step of code, which is off. Rejects with a StepError where it cannot be one. */
  write(connector: WrittenConnector): Promise<OwnFile>
  close(): void
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.mjs$/
/** Bytes of a file of connectors. */
const MOST_BYTES = 1_048_576
const SETTLE_MS = 200
/** Names that Windows has for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

type Entry = { approved: Approved; process: OwnProcess; connectors: Map<string, Connector>; problem: string | null }

export function createOwnConnectors(host: {
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  readonly start: StartIsolated
  readonly approved: Readonly<Record<string, Approved>>
  /** Whether a family of connectors of Hookline has this id. */
  isTaken(family: string): boolean
  keep(approved: Readonly<Record<string, Approved>>): Promise<void>
  changed(): void
}): OwnConnectors {
  const { folder, clock, log } = host
  const entries = new Map<string, Entry>()
  let watcher: FSWatcher | undefined
  let cancelLook = (): void => undefined
  let lastChange: Promise<unknown> = Promise.resolve()
  /** By their file, the processes of its older versions: they go on until their work is done. */
  const retired = new Map<string, OwnProcess[]>()

  const pathOf = (file: string): string => join(folder, file)
  const processOf = (file: string): OwnProcess =>
    createOwnProcess(join(realOf(folder), file), {
      clock,
      start: host.start,
      says: (text) => log.info(`${file}: ${text}`),
    })

  for (const [file, approved] of Object.entries(host.approved)) {
    const process = processOf(file)
    entries.set(file, { approved, process, connectors: connectorsOf(approved.family, process), problem: null })
  }
  if (entries.size > 0) {
    beginWatching()
    look()
  }

  function named(): string[] {
    try {
      return readdirSync(folder)
        .filter((name) => NAME.test(name) && !name.endsWith('.test.mjs'))
        .toSorted()
    } catch {
      return []
    }
  }

  function hashOf(file: string): string | null {
    try {
      const content = readFileSync(pathOf(file))
      return content.length > MOST_BYTES ? null : createHash('sha256').update(content).digest('hex')
    } catch {
      return null
    }
  }

  function beginWatching(): void {
    try {
      watcher ??= watch(folder, { persistent: false }, () => {
        cancelLook()
        cancelLook = clock.after(SETTLE_MS, look)
      })
      watcher.on('error', () => undefined)
    } catch {
      // The folder is gone: what was approved is missing.
    }
  }

  /** Does one change after the other: a file that is read while its person switches it off would be on again. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const made = lastChange.then(change)
    lastChange = made.catch(() => undefined)
    return made
  }

  /** Reads those again that were approved and have changed. */
  function look(): void {
    void inTurn(async () => {
      for (const [file, entry] of [...entries]) {
        const hash = hashOf(file)
        if (hash === null || (hash === entry.approved.sha256 && entry.problem === null)) continue
        await reload(file, entry, hash)
      }
    })
  }

  /** Ends what does the work of a file, of older versions of it too. */
  function end(file: string): void {
    for (const process of retired.get(file) ?? []) process.end()
    retired.delete(file)
    entries.get(file)?.process.end()
  }

  async function reload(file: string, entry: Entry, hash: string): Promise<void> {
    try {
      await take(file, hash)
      log.info(`The connectors in ${file} were read again.`)
    } catch (error) {
      // What ran goes on as it was, until the file can be read.
      entry.problem = StepError.from(error).message
      log.warn(`The connectors in ${file} cannot be read as they are now: ${entry.problem}`)
      host.changed()
    }
  }

  async function take(file: string, sha256: string): Promise<void> {
    const process = processOf(file)
    const family = await readFamily(process).catch((error: unknown) => {
      process.end()
      throw error
    })
    const { id } = family.manifest
    const isOthers = [...entries].some(([other, { approved }]) => other !== file && approved.family.manifest.id === id)
    if (host.isTaken(id) || isOthers) {
      process.end()
      const message = `There is an app "${id}" already: give the one in ${file} another id.`
      throw new StepError({ code: 'taken', message, retryable: false })
    }
    const before = entries.get(file)?.process
    if (before?.retire() === 'working') retired.set(file, [...(retired.get(file) ?? []), before])
    const approved = { sha256, family }
    entries.set(file, { approved, process, connectors: connectorsOf(family, process), problem: null })
    await host.keep(Object.fromEntries([...entries].map(([name, entry]) => [name, entry.approved])))
    host.changed()
  }

  function shown(file: string): OwnFile {
    const entry = entries.get(file)
    if (entry === undefined) return { file, state: 'off', problem: null, app: null, connectors: [] }
    const { manifest, title } = entry.approved.family
    const isThere = hashOf(file) !== null
    return {
      file,
      state: !isThere ? 'missing' : entry.problem === null ? 'on' : 'broken',
      problem: isThere ? entry.problem : `${file} is not in ${folder} any more: put it back, or switch it off.`,
      app: { id: manifest.id, title },
      connectors: manifest.connectors.map(({ id, title: name, kind }) => ({ id, title: name, kind })),
    }
  }

  const families = (): Entry[] => [...entries.values()]
  const entryFor = (id: string): Entry | undefined =>
    families().find(({ approved }) => approved.family.manifest.id === familyOf(id))

  return {
    folder,
    isChanging: true,
    get families() {
      return families().map(({ approved }) => approved.family.manifest.id)
    },
    manifests: () => families().flatMap(({ approved }) => approved.family.manifest.connectors),
    manifest: (id) => entryFor(id)?.approved.family.manifest.connectors.find((one) => one.id === id),
    loaded: (id) => entryFor(id)?.connectors.get(id),
    load: async () => undefined,
    credentialTypes: () => [],
    credentialTypeInfo: () => undefined,
    credentialType: () => undefined,

    files: () => [...new Set([...entries.keys(), ...named()])].toSorted().map(shown),
    approve: (file) =>
      inTurn(async () => {
        const hash = NAME.test(file) ? hashOf(file) : null
        if (hash === null) {
          const message = `There is no file of connectors "${file}" in ${folder}, or it is larger than 1 MB.`
          throw new StepError({ code: 'no-file', message, retryable: false })
        }
        await take(file, hash)
        beginWatching()
        return shown(file)
      }),
    turnOff: (file) =>
      inTurn(async () => {
        end(file)
        if (!entries.delete(file)) return
        await host.keep(Object.fromEntries([...entries].map(([name, entry]) => [name, entry.approved])))
        host.changed()
      }),
    async write(connector) {
      const source = connectorSource(connector)
      if (Buffer.byteLength(source) > MOST_BYTES)
        throw new StepError({
          code: 'too-large',
          message: 'The code is larger than the 1 MB of a file of connectors: keep large texts in a table or a file.',
          retryable: false,
        })
      if (host.isTaken(connector.id) || DEVICE.test(connector.id)) {
        const message = `There is something else that is called "${connector.id}": choose another id.`
        throw new StepError({ code: 'taken', message, retryable: false })
      }
      const file = `${connector.id}.mjs`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        await writeFile(pathOf(file), source, { flag: 'wx', mode: 0o600 })
      } catch (error) {
        const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
        const message = isThere
          ? `There is a file ${file} in ${folder} already: choose another id.`
          : `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`
        throw new StepError({ code: isThere ? 'taken' : 'no-file', message, retryable: false })
      }
      host.changed()
      return shown(file)
    },
    close() {
      cancelLook()
      watcher?.close()
      for (const file of entries.keys()) end(file)
    },
  }
}

/** Where a folder is, as its process may read there and nowhere else; the folder itself while there is none. */
function realOf(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

/** Rejects with a StepError `bad-connectors` for what is no family: a file may export anything. */
async function readFamily(process: OwnProcess): Promise<OwnFamily> {
  const read = ownFamilySchema.safeParse(await process.open(), { error: issueWords })
  if (read.success) return read.data
  const [issue] = read.error.issues
  const message = `What the file exports is no app: ${issue?.path.map(String).join('.')}: ${issue?.message}.`
  throw new StepError({ code: 'bad-connectors', message, retryable: false })
}

const polledSchema = z.object({
  events: z.array(z.object({ key: z.string(), data: jsonSchema })).max(10_000),
  cursor: jsonSchema,
})

/** The connectors of a family, whose work its process does. */
function connectorsOf({ manifest, touches }: OwnFamily, process: OwnProcess): Map<string, Connector> {
  return new Map(
    manifest.connectors.map((one) => [one.id, connectorOf(one, touchesOf(touches[one.id] ?? []), process)]),
  )
}

const touchesOf = (touches: OwnFamily['touches'][string]): readonly Touch[] =>
  touches.map(({ kind, what, access }) => ({ kind, what, ...(access && { access }) }))

function connectorOf(manifest: Manifest, touches: readonly Touch[], process: OwnProcess): Connector {
  const { id, title, description, keywords, icon, category, app, summary, sample, kind, effect } = manifest
  const common = {
    id,
    title,
    description,
    keywords,
    icon,
    category,
    ...(app !== undefined && { app }),
    summary,
    sample,
    input: schemaOf(manifest),
    output: jsonSchema,
    touches: () => touches,
  }
  if (kind === 'trigger') {
    return defineTrigger({
      ...common,
      source: {
        from: 'poll',
        ...POLL_TIMES,
        async poll({ input, cursor, http, large, clock, signal, idempotencyKey }) {
          const given = jsonSchema.parse(JSON.parse(JSON.stringify(input))) as JsonObject // an object, as its schema is one
          const facts = { idempotencyKey, now: clock.now(), cursor }
          const lent = { http, large, signal, input: given, files: NO_FILES }
          return polledSchema.parse(await process.work({ do: 'poll', connector: id, input: given, facts }, lent))
        },
      },
    })
  }
  return defineAction({
    ...common,
    effect: effect === 'depends' ? 'unsafe' : (effect satisfies Effect),
    takesLarge: true,
    async run({ input, http, large, files, clock, signal, idempotencyKey }) {
      const given = input as JsonObject // parsed JSON
      const facts = { idempotencyKey, now: clock.now() }
      const lent = { http, large, files, signal, input: given }
      const output = await process.work({ do: 'run', connector: id, input: given, facts }, lent)
      return { output: jsonSchema.parse(output) }
    },
  })
}

/**
 * Of the form. The values go on as they are, as a copy of a file value would be none: the connector itself reads its input, with the schema that it was
 * written with.
 */
function schemaOf({ input }: Manifest): z.ZodObject {
  const form = formOf(input)
  return z.looseObject({}).superRefine((given, issues) => {
    const read = form?.safeParse(given, { error: issueWords })
    for (const { path, message } of read?.error?.issues ?? []) issues.addIssue({ code: 'custom', path, message })
  })
}

function formOf(input: Manifest['input']): z.ZodType | undefined {
  try {
    return z.fromJSONSchema(input)
  } catch {
    return undefined
  }
}

const NO_FILES = {
  open(): never {
    throw new StepError({ code: 'unsupported', message: 'A trigger reads no files.', retryable: false })
  },
} as never
