import type { AppRouter } from './api/router.ts'
import type { Catalogue } from './connectors/catalogue.ts'
import type { Status, SystemInfo } from './contract/values.ts'
import type { Network, Notifier, SecretBox, Sessions, StartIsolated } from './domain/host/adapters.ts'
import type { Desktop } from './domain/host/desktop.ts'
import type { Log } from './domain/host/log.ts'
import type { Shell } from './domain/host/shell.ts'
import type { Failpoint } from './domain/runs/failpoint.ts'
import type { Clock } from './domain/time/clock.ts'
import type { ReturnedPage } from './engine/oauth/returned-page.ts'
import type { FleetOptions } from './fleet/options.ts'

/** What a host gives to the core. */
export type AppAdapters = {
  readonly host: SystemInfo['host']
  readonly version: string
  /** The connectors that zaps may use; those that come with Hookline when absent. */
  readonly catalogue?: Catalogue
  /** Where everything is kept; made if need be. */
  readonly dataDir: string
  /** Port of the webhook listener; 0 picks a free one. */
  readonly hookPort: number
  /** Called once the data folder is this process's, as a box may keep its key there. */
  secretBox(): SecretBox | Promise<SecretBox>
  readonly notifier: Notifier
  readonly log: Log
  /** How processes are started in which code runs; as child processes when absent. */
  readonly startIsolated?: StartIsolated
  /** Folders beside `<data>/files` that file steps may write to. */
  readonly allowedFolders?: readonly string[]
  /** What templates may read as `env`; nothing else of this process's environment is in their reach. */
  readonly variables?: Readonly<Record<string, string>>
  /** Who uses a data folder that is locked, in words, if that can be told: " (process 123)". */
  readonly lockHolder?: () => string
  /** Whether there is a network; taken for granted when absent. */
  readonly network?: Network
  readonly clock?: Clock
  /** What it has of a desktop; nothing when absent. */
  readonly desktop?: Desktop
  /** Absent where the screens are the host's own window. */
  readonly sessions?: Sessions
  /** What the desktop app has around its screens; absent on a host without a window of its own. */
  readonly shell?: Shell
  /** Hears that the database, of so many bytes, is being read from end to end; only where that takes a while. */
  readonly onChecking?: (bytes: number) => void
  /** Whether a thread looks whether this one stands still. Absent in tests of other things. */
  readonly isWatched?: boolean
  readonly failpoint?: Failpoint
  /** The other hosts that it is joined with; it stands alone when absent. */
  readonly fleet?: FleetOptions | undefined
}

/** A Hookline without any face. */
export type App = {
  /**
   * Opens the data folder and starts everything: intake, dispatcher, sweeper, schedules. When this resolves, the app works.
   *
   * Rejects with a DatabaseError when the data folder cannot be used, or with the system's error (`EADDRINUSE` …) when the port
   * cannot; the folder is then released again.
   */
  start(): Promise<RunningApp>
  /** Takes nothing more in, lets what is under way end (10 s at most; the rest resumes at the next start), closes the database. */
  stop(): Promise<void>
}

/** What an app offers while it runs. */
export type RunningApp = {
  readonly router: AppRouter
  readonly hooksUrl: string
  readonly info: SystemInfo
  /** A browser came back to the host's own page after a sign-in, with this behind the "?" of its address: what it is shown. */
  signInReturned(query: URLSearchParams): Promise<ReturnedPage>
  /** Unpausing leaves the safe mode as well. */
  setPaused(paused: boolean): Promise<void>
  /** Whether runs begin; in safe mode they do not, though what comes in is taken in. */
  isPaused(): boolean
  /** Why nothing is run since the start, and what to do about it; null when all is well. */
  safeMode(): string | null
  /** The computer slept, or its clock was set: looks at once for what that made due. */
  resumed(): Promise<void>
  /** Calls `listener` with what the status bar shows, at first and after changes, once a second at most. The returned function ends that. */
  watchStatus(listener: (status: Status) => void): () => void
}
