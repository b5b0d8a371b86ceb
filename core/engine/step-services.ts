import type { FileAccess, LargeValues, Memory, SenderAnswer, StepStore } from '../connectors/action-context.ts'
import type { Catalogue } from '../connectors/catalogue.ts'
import type { TableAccess } from '../connectors/table-access.ts'
import type { Notice, NoticePlace } from '../domain/host/adapters.ts'
import type { Desktop } from '../domain/host/desktop.ts'
import type { WorkMarker } from '../domain/runs/work-marker.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { ZapPermissions } from '../domain/trust/permissions.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import type { FileRecorder } from '../files/file-recorder.ts'
import type { KeptFiles } from '../files/kept-files.ts'
import type { WorkThread } from '../threads/work-thread.ts'
import type { OutgoingConnect } from './guarded-connect.ts'
import type { OutgoingFetch } from './guarded-fetch.ts'
import type { LargeTemplates } from './large-templates.ts'
import type { OpenCredential } from './open-credential.ts'
import type { Programs } from './programs.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { StepSecrets } from './step-secrets.ts'
import type { StoredValues } from './stored-values.ts'

/** Which step of which run is at work, for what it keeps and for the zaps that it calls. */
export type StepRef = {
  readonly zapId: string
  readonly stepId: string
  readonly runId: string
  /** The event that its run began with. */
  readonly eventId: string
  /** How many calls lie above its run. */
  readonly depth: number
}

/** The address at which a person answers a question: the same whenever it is asked for. */
export type AnswerLink = (at: { readonly runId: string; readonly stepId: string; readonly scope: string }) => string

/** What the engine hands on to actions; each host wires it in `core/app.ts`. */
export type StepServices = {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly fetch: OutgoingFetch
  readonly connect: OutgoingConnect
  /** Files as steps reach them. What is done to them is told to the recorder. */
  filesFor(recorder: FileRecorder): FileAccess
  readonly kept: KeptFiles
  readonly programs: Programs
  readonly sandbox: Sandbox
  /** @throws StepError `credential` when there is none of that name or it cannot be opened. */
  credential(name: string): Promise<OpenCredential>
  /** What takes the place of a credential that its service refused; undefined where that cannot be renewed. */
  renewedCredential(name: string, used: OpenCredential): Promise<OpenCredential | undefined>
  /** Puts fields into a stored credential; does nothing where that is another one by now. */
  noteCredential(name: string, used: OpenCredential, fields: Readonly<Record<string, string>>): Promise<void>
  /** What a zap may touch; null where that is all that its steps name. */
  permissionsOf(zapId: string): ZapPermissions | null
  /** What must not be seen of the credentials that a zap names. */
  secretsOf(zap: Pick<CompiledZap, 'file'>): StepSecrets | Promise<StepSecrets>
  readonly desktop: Desktop
  notify(notice: Notice): Promise<readonly NoticePlace[]>
  storeOf(step: StepRef): StepStore
  memoryOf(zapId: string, by: string): Memory
  readonly answerLink: AnswerLink
  tablesOf(step: StepRef, by: string): TableAccess
  /** Answers the request that started a run. False when no sender waits for it. */
  answerSender(runId: string, answer: SenderAnswer): boolean
  readonly values: StoredValues
  readonly large: LargeValues
  readonly heavy: WorkThread
  readonly largeTemplates: LargeTemplates
  /** The environment variables that the user allows templates to read. */
  readonly env: Readonly<Record<string, string>>
  /** Tells the watchdog which run is at work. */
  readonly mark: WorkMarker
  /** Between 0 and 1, for the jitter of retries. */
  random(): number
}
