import type { SenderAnswer } from '../connectors/action-context.ts'
import type { TriggerKind } from '../connectors/trigger-sources.ts'
import type { Json } from '../domain/values/json.ts'
import type { Throughput } from '../engine/throughput.ts'
import type { Outbox, Relay } from '../outbox/outbox.ts'
import type { Cursors } from './cursors.ts'
import type { DueTimes } from './due-times.ts'
import type { FleetFolders } from './folders.ts'
import type { FleetRole } from './options.ts'
import type { Elsewhere, Page, PageAsked } from './pages.ts'
import type { FleetView } from './view.ts'

/** What of the host its fleet uses. */
export type FleetHost = {
  readonly outbox: Pick<Outbox, 'accept' | 'resume' | 'slotsUsed'>
  readonly throughput: Throughput
  /** Zaps that are on and of which something happens by itself: schedules, polls, watches, hooks, connections. */
  selfActing(): readonly string[]
  /** Permissions and what is published are others: reads both again. */
  refresh(): Promise<void>
  readonly address: string
  answerRuns(of: 'list' | 'get', input: Json): Promise<Json>
  /** The page of a link to a question that is asked here; null for any other. */
  answerPage(asked: PageAsked): Promise<Page | null>
}

/** This host's part in a fleet. Nothing of it works before `join`, and the log need never answer for the host to go on. */
export type Fleet = {
  readonly relay: Relay
  /** Whether this host keeps triggers of a kind for a zap: what comes from outside on every host that takes in, what happens by itself on one. */
  keeps(kind: TriggerKind, zapId: string): boolean
  readonly dueTimes: DueTimes['sharing']
  readonly cursors: Cursors['sharing']
  readonly folders: FleetFolders['sharing']
  /** Hands a step's answer to the host that holds the request of its run. False when no such host is known. */
  answerSender(runId: string, answer: SenderAnswer): boolean
  /** Everything that it needs is there. */
  join(host: FleetHost): void
  /** Resolves, after {@link join}, when runs may begin: no other host works with a copy of this folder, or the log does not say so in time. */
  readonly cleared: Promise<void>
  /** Takes nothing more from the log. */
  withdraw(): Promise<void>
  stop(): Promise<void>
  readonly view: FleetView
  readonly name: string
  readonly namespace: string
  readonly roles: readonly FleetRole[]
  /** What a host that does not answer told of its runs last. */
  lastRunsOf(host: string): readonly Json[]
  /** Asks a host about its runs, as its contract answers it. */
  askRuns(host: string, of: 'list' | 'get', input: Json): Promise<Json>
  drain(host: string, on: boolean): Promise<void>
  /** Takes a host that is gone out of the fleet. Rejects with an `Error` for a person. */
  remove(host: string): Promise<void>
  /** Of all hosts with the same passphrase, for what goes out with pages; undefined without one. */
  readonly pageSecret: string | undefined
  /** Asks the other hosts for the page of a question that is not asked here. */
  elsewhere(asked: PageAsked): Promise<Elsewhere>
  share(credential: string, isShared: boolean): Promise<void>
}
