/** What a host lends to the core: everything that differs between the desktop app and the headless host. */

/** Seals secrets for storage. */
export type SecretBox = {
  /** How well a sealed secret is protected from someone who has the data folder. `locked`: none can be opened or sealed now. */
  readonly protection: 'keychain' | 'key-file' | 'weak' | 'locked'
  /** Looks whether what was locked has been unlocked since; {@link protection} says so from then on. */
  lookAgain?(): Promise<void>
  /** Binds the secret to `context`, the name that it is kept under: it opens under no other. */
  seal(text: string, context: string): Promise<Uint8Array>
  /**
   * Rejects with a SealError when the secret was sealed elsewhere, under another name, or was changed. Where the key that sealed it goes
   * out of use, `reseal` is called with the secret sealed by the present one.
   */
  open(sealed: Uint8Array, context: string, reseal?: (sealed: Uint8Array) => void): Promise<string>
}

/** A message for a person. */
export type Notice = {
  readonly title: string
  readonly body?: string
  /** The screen that tells more, by its path. */
  readonly opens?: string
  /** The question of a run that it is about, and those answers of it that can be given as they are. */
  readonly asks?: {
    readonly runId: string
    readonly step: string
    readonly scope: string
    readonly answers: readonly { readonly id: string; readonly label: string }[]
  }
}

/** Shows a message of the system's own kind. Resolves to whether it was shown; where it was not, the log has it. */
export type Notifier = { show(notice: Notice): Promise<boolean> }

/** Where a message was shown: by the desktop's own notifier, or on open screens of Hookline. */
export type NoticePlace = 'desktop' | 'screens'

/** Shows a message wherever a person may look. */
export type Notices = Notifier & { shownOn(notice: Notice): Promise<readonly NoticePlace[]> }

/** Whether this computer has a network besides itself. */
export type Network = {
  isOnline(): boolean
  /** Calls `listener` whenever that changes; the returned function takes that back. */
  watch(listener: () => void): () => void
}

/** For where that is unknown: an attempt then shows it. */
export const assumedNetwork: Network = { isOnline: () => true, watch: () => () => undefined }

/** A browser that may control this host. Times are milliseconds since 1970. */
export type Session = {
  readonly id: string
  /** In words, such as "Firefox on Linux". */
  readonly browser: string
  readonly openedAt: number
  readonly lastSeenAt: number
  /** Screens that are connected with it now. */
  readonly screens: number
}

/** The browsers that may control a host whose screens are opened in one. */
export type Sessions = {
  /** The last seen first. */
  list(): readonly Session[]
  /** Cuts its screens off. False when there is none of this id. */
  end(id: string): boolean
  /** An address that opens the screens in one more browser, once. */
  openAddress(): { readonly ui: string; readonly expiresAt: number }
  /** Ends all of them, voids all addresses that were not opened yet, and says how many. */
  rotate(): { readonly sessions: number; readonly addresses: number }
  /** Calls `listener` whenever a browser came, went or was shut out, for as long as the host runs. */
  watch(listener: () => void): void
}

/** A process of its own, without this one's environment or rights, to which messages go. */
export type IsolatedProcess = {
  post(message: unknown): void
  /** Ends it at once, also in the middle of its work. */
  kill(): void
}

/** Starts a module of ours as such a process. `ended` is called once, also where it could not be started, with why in words. */
export type StartIsolated = (
  file: string,
  on: { message(message: unknown): void; ended(why: string): void },
  /** `files`: it may read and write what this process may. `reads`: it may read one folder besides its own modules. Nothing of that when absent. */
  reach?: 'files' | { readonly reads: string },
) => IsolatedProcess
