import type { SenderAnswer, ZapCalls } from '../connectors/action-context.ts'
import type { Catalogue } from '../connectors/catalogue.ts'
import { type BlobStore, blobFolder, createBlobStore } from '../db/blobs.ts'
import type { Tx } from '../db/executor.ts'
import type { LeasedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Network, Notifier } from '../domain/adapters.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { JsonText } from '../domain/json-text.ts'
import type { WorkMarker } from '../domain/work-marker.ts'
import { createFileAccess } from './allowed-files.ts'
import type { FolderRules } from './allowed-folders.ts'
import { type BegunRun, beginRun } from './begin-run.ts'
import { endIdleRun } from './end-idle-run.ts'
import { executeRun } from './execute-run.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { createLargeTemplates } from './large-templates.ts'
import type { OpenedCredentials } from './opened-credentials.ts'
import { endOverdueTests } from './paused-steps.ts'
import { createRunEndings, type EndEffects, type EndedRun, type RunEndings } from './run-endings.ts'
import { createRunNews, type RunNews } from './run-news.ts'
import type { Delivery } from './run-work.ts'
import type { StepServices } from './step-services.ts'
import { createStepStores } from './step-store.ts'
import { createStoredValues, type StoredValues } from './stored-values.ts'
import { createVersionCache, type VersionCache } from './version-cache.ts'
import type { PermissionBook } from './zap-permissions.ts'

export type EngineConfig = {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly clock: Clock
  readonly failpoint: Failpoint
  readonly network: Network
  readonly credentials: OpenedCredentials
  readonly permissions: PermissionBook
  readonly notifier: Notifier
  /** Where values are kept that are too large for the database. */
  readonly dataDir: string
  /** Where file steps may write. */
  readonly folders: FolderRules
  /** What templates may read as `env`. */
  readonly variables: Readonly<Record<string, string>>
  /** Tells the watchdog which run is at work. */
  readonly mark: WorkMarker
  /** The zaps that a step may call; `key` is its idempotency key. */
  callsOf(caller: { readonly runId: string; readonly depth: number; readonly key: string }): ZapCalls
  /** Reads JSON of any size that came from outside, without holding up anything else. */
  readJson(text: string): JsonText | Promise<JsonText>
  /** Answers the request that started a run. False when nobody waits for it. */
  answerSender(runId: string, answer: SenderAnswer): boolean
  /** Stores an event for every zap that watches for the failure of a run; gives their ids. */
  acceptFailure(tx: Tx, run: EndedRun): readonly string[]
  /** The end of a run is stored. */
  ended(state: EndedRun['state'], at: number): void
  /** Something of this zap is due. */
  wake(zapId: string): void
  /** Nobody waits for these runs any more: the one that called them has ended. */
  abandoned(runIds: readonly string[]): void
  /** The stored state of a run has changed. */
  changed(runId: string): void
}

/** What begins, works on and ends runs. */
export type Engine = {
  readonly versions: VersionCache
  readonly values: StoredValues
  /** What is kept as files. */
  readonly blobs: BlobStore
  readonly endings: RunEndings
  readonly news: RunNews
  /** Begins or resumes the run of a leased message, in the transaction of its lease; undefined when there is nothing to do. */
  begin(tx: Tx, message: LeasedMessage): BegunRun | undefined
  /** As `executeRun`. */
  execute(run: BegunRun, signal: AbortSignal, leave: () => void): Promise<Delivery>
  /** Ends a run that nobody is working on. */
  end(
    tx: Tx,
    runId: string,
    end: { readonly state: 'cancelled' | 'failed'; readonly reason: string; readonly now: number },
  ): EndEffects | undefined
  /** Ends the tests that were paused and left alone for too long; gives which. */
  endOverdueTests(tx: Tx, now: number): readonly string[]
  /** Ends idle connections and threads. Nothing may be under way. */
  close(): Promise<void>
}

/** Wires the engine. Nothing is started: it works when the dispatcher hands it runs. */
export function createEngine(config: EngineConfig): Engine {
  const { catalogue, database, clock, failpoint, credentials } = config
  const folder = blobFolder(config.dataDir)
  const blobs = createBlobStore(folder)
  const values = createStoredValues(blobs)
  const largeTemplates = createLargeTemplates(blobs, folder, clock)
  const outgoing = createGuardedFetch(config.network)
  const versions = createVersionCache(catalogue)
  const news = createRunNews()
  const endings = createRunEndings({
    acceptFailure: config.acceptFailure,
    ended: config.ended,
    wake: config.wake,
    news: news.tell,
    abandoned: config.abandoned,
  })
  const step: StepServices = {
    catalogue,
    clock,
    values,
    large: {
      keep: (content, type) => blobs.keep([content], type),
      // What may hold references and escaped keys is only JSON for others when all of that is in place.
      read: async (value) =>
        value.type === 'value' ? Buffer.from(await largeTemplates.expand(value)) : blobs.read(value),
      readJson: config.readJson,
    },
    largeTemplates,
    storeOf: createStepStores(database, clock),
    zapsOf: ({ runId, depth }, key) => config.callsOf({ runId, depth, key }),
    fetch: outgoing.fetch,
    files: createFileAccess(config.folders),
    credential: credentials.open,
    permissionsOf: config.permissions.of,
    secretsOf: credentials.secretsOf,
    notify: (message) => config.notifier.show(message),
    answerSender: config.answerSender,
    env: config.variables,
    mark: config.mark,
    random: Math.random,
  }
  const services = { database, step, failpoint, endings, onNews: news.listen, changed: config.changed }
  return {
    versions,
    values,
    blobs,
    endings,
    news,
    begin: (tx, message) => beginRun(tx, message, versions, clock.now()),
    execute: (run, signal, leave) => executeRun(run, signal, services, leave),
    end: (tx, runId, end) => endIdleRun(tx, runId, end, endings),
    endOverdueTests: (tx, now) => endOverdueTests(tx, now, (runId, end) => endIdleRun(tx, runId, end, endings)),
    async close() {
      await Promise.all([largeTemplates.close(), outgoing.close()])
    },
  }
}
