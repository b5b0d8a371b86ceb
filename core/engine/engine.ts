import { join } from 'node:path'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Catalogue } from '../connectors/catalogue.ts'
import { type BlobStore, blobFolder } from '../db/blobs.ts'
import type { Tx } from '../db/executor.ts'
import type { LeasedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Network, Notices, StartIsolated } from '../domain/host/adapters.ts'
import type { Desktop } from '../domain/host/desktop.ts'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import type { RunReason } from '../domain/runs/run-reason.ts'
import type { WorkMarker } from '../domain/runs/work-marker.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { JsonText } from '../domain/values/json-text.ts'
import { createFileAccess } from '../files/allowed-files.ts'
import type { FolderRules } from '../files/allowed-folders.ts'
import type { KeptFiles } from '../files/kept-files.ts'
import type { EndEffects, Signals } from '../signals.ts'
import { createWorkThread, type WorkThread, workerUrl, workProcess } from '../threads/work-thread.ts'
import type { OutgoingConnect } from './guarded-connect.ts'
import type { OutgoingFetch } from './guarded-fetch.ts'
import { createLargeTemplates } from './large-templates.ts'
import { createMemories } from './memory.ts'
import type { OpenedCredentials } from './opened-credentials.ts'
import { createPrograms, type Programs } from './programs.ts'
import { type BegunRun, beginRun } from './run/begin-run.ts'
import { executeRun } from './run/execute-run.ts'
import type { FailureWatch } from './run/failure-watch.ts'
import { endOverdueTests } from './run/paused-steps.ts'
import { createRehearsal, type Rehearsal } from './run/rehearse.ts'
import type { Delivery, DeliveryTerms } from './run/run.ts'
import { createRunEndings, endIdleRun } from './run/run-endings.ts'
import { createRunNews } from './run/run-news.ts'
import { startChild } from './sandbox/isolated-child.ts'
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts'
import { createServiceCalls, type ServiceCalls } from './service-calls.ts'
import type { AnswerLink, StepServices } from './step-services.ts'
import { createStepStores } from './step-store.ts'
import { createStoredValues, type StoredValues } from './stored-values.ts'
import { createTableEdits, type TableEdits } from './tables/table-edits.ts'
import { createTableSteps } from './tables/table-steps.ts'
import { createTableViews, type TableViews } from './tables/table-views.ts'
import type { TableWatch } from './tables/table-watch.ts'
import { createVersionCache, type VersionCache } from './version-cache.ts'
import type { PermissionBook } from './zap-permissions.ts'

export type EngineConfig = {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly clock: Clock
  readonly failpoint: Failpoint
  readonly network: Network
  readonly credentials: OpenedCredentials
  readonly noteCredential: StepServices['noteCredential']
  /** The one way out to the network. */
  readonly fetch: OutgoingFetch
  readonly connect: OutgoingConnect
  readonly permissions: PermissionBook
  readonly notifier: Notices
  readonly desktop: Desktop
  readonly dataDir: string
  /** Where values are kept that are too large for the database. */
  readonly blobs: BlobStore
  /** Where file steps may write. */
  readonly folders: FolderRules
  /** Where what they replace is kept. */
  readonly kept: KeptFiles
  /** How the processes are started in which code runs; as child processes when absent. */
  readonly startIsolated?: StartIsolated | undefined
  /** What templates may read as `env`. */
  readonly variables: Readonly<Record<string, string>>
  /** Tells the watchdog which run is at work. */
  readonly mark: WorkMarker
  /** Reads JSON of any size that came from outside, without holding up anything else. */
  readJson(text: string): JsonText | Promise<JsonText>
  /** Answers the request that started a run. False when no sender waits for it. */
  answerSender(runId: string, answer: SenderAnswer): boolean
  /** Where a person answers what a run asks. */
  readonly answerLink: AnswerLink
  readonly failures: FailureWatch
  readonly tables: TableWatch
  readonly signals: Signals
}

/** What begins, works on and ends runs. */
export type Engine = {
  readonly versions: VersionCache
  readonly values: StoredValues
  /** Where code runs, for those who only want to know whether it can be read. */
  readonly sandbox: Sandbox
  /** Tables as people see and change them. */
  readonly tables: TableEdits & TableViews
  /** Work that takes long or much memory. */
  readonly heavy: Pick<WorkThread, 'run'>
  /** Calls services where there is no run. */
  readonly calls: ServiceCalls
  /** Finds out what a zap would do to files, and does nothing. */
  rehearse(rehearsal: Rehearsal): ReturnType<typeof createRehearsal>
  /** Begins or resumes the run of a leased message, in the transaction of its lease; undefined when there is nothing to do. */
  begin(tx: Tx, message: LeasedMessage): BegunRun | undefined
  /** As `executeRun`. */
  execute(run: BegunRun, delivery: DeliveryTerms): Promise<Delivery>
  /** Ends a run that no worker has in hand. Undefined when it is over already; else what to emit as `run:ended` after the commit. */
  end(
    tx: Tx,
    runId: string,
    end: { readonly state: 'cancelled' | 'failed'; readonly reason: RunReason; readonly now: number },
  ): EndEffects | undefined
  /** Ends the tests that were paused and left alone for too long; returns which. */
  endOverdueTests(tx: Tx, now: number): readonly string[]
  /** As {@link Programs.endLeftovers}. */
  readonly endLeftovers: Programs['endLeftovers']
  /** Ends idle connections and threads. Nothing may be under way. */
  close(): Promise<void>
}

/** Wires the engine. Nothing is started: it works when the dispatcher hands it runs. */
export function createEngine(config: EngineConfig): Engine {
  const { catalogue, database, clock, failpoint, credentials, blobs, signals } = config
  const folder = blobFolder(config.dataDir)
  const values = createStoredValues(blobs)
  const largeTemplates = createLargeTemplates(blobs, folder, clock)
  const thread = createWorkThread(clock, workerUrl(import.meta.url, './heavy-worker'))
  const sqlite = createWorkThread(
    clock,
    workProcess(config.startIsolated ?? startChild, workerUrl(import.meta.url, './sqlite-process')),
  )
  const heavy: WorkThread = {
    run: (name, ...work) => (name === 'sql.sqlite' ? sqlite : thread).run(name, ...work),
    close: async () => void (await Promise.all([thread.close(), sqlite.close()])),
  }
  const programs = createPrograms(config.folders, clock, join(config.dataDir, 'programs'))
  const sandbox = createSandbox(clock, config.startIsolated)
  const versions = createVersionCache(catalogue)
  const news = createRunNews(signals)
  const endings = createRunEndings(config.failures)
  const tables = { database, clock, signals, watch: config.tables }
  const step: StepServices = {
    catalogue,
    clock,
    values,
    large: {
      keep: (content, type) =>
        blobs.keep(typeof content === 'string' || content instanceof Uint8Array ? [content] : content, type),
      stream: (value) => blobs.stream(value),
      // What may hold references and escaped keys is only JSON for others when all of that is in place.
      read: async (value) =>
        value.type === 'value' ? Buffer.from(await largeTemplates.expand(value)) : blobs.read(value),
      readJson: config.readJson,
    },
    heavy,
    largeTemplates,
    storeOf: createStepStores(database, clock),
    memoryOf: createMemories(database, clock),
    tablesOf: createTableSteps(tables),
    fetch: config.fetch,
    connect: config.connect,
    filesFor: (recorder) => createFileAccess(config.folders, undefined, recorder),
    kept: config.kept,
    programs,
    sandbox,
    credential: credentials.open,
    renewedCredential: credentials.renewed,
    noteCredential: config.noteCredential,
    permissionsOf: config.permissions.of,
    secretsOf: credentials.secretsOf,
    desktop: config.desktop,
    notify: (message) => config.notifier.shownOn(message),
    answerSender: config.answerSender,
    answerLink: config.answerLink,
    env: config.variables,
    mark: config.mark,
    random: Math.random,
  }
  const calls = createServiceCalls(step)
  const services = { database, step, failpoint, endings, news, signals }
  return {
    versions,
    values,
    sandbox,
    calls,
    rehearse: (rehearsal) => createRehearsal(step, config.folders, rehearsal),
    tables: { ...createTableEdits(tables), ...createTableViews(database) },
    heavy,
    begin: (tx, message) => beginRun(tx, message, versions, clock.now()),
    execute: (run, delivery) => executeRun(run, delivery, services),
    end: (tx, runId, end) => endIdleRun(tx, runId, end, endings),
    endOverdueTests: (tx, now) => endOverdueTests(tx, now, (runId, end) => endIdleRun(tx, runId, end, endings)),
    endLeftovers: programs.endLeftovers,
    async close() {
      calls.close()
      await Promise.all([heavy.close(), largeTemplates.close(), programs.close(), sandbox.close()])
    },
  }
}
