import { z } from 'zod'
import type { SettingsOf } from '../settings/settings.ts'

/** What the person has of the app around its screens, as the screens show it. */
export const shellStateSchema = z.object({
  /** What the app is made of, by name, for those who report something. */
  versions: z.array(z.object({ name: z.string(), version: z.string() })),
  /** Why the keys of the quick-run window do not work; null when they do, or when there are none. */
  hotkeyProblem: z.string().nullable(),
  /** The keys themselves, as this system names them. */
  hotkey: z.string().nullable(),
  /** The `hookline` command: where it is, or would be, and whether this app put it there. */
  commandLine: z.object({
    state: z.enum(['installed', 'absent', 'taken']),
    path: z.string(),
    /** What a person still has to do so that a terminal finds it. */
    note: z.string().nullable(),
  }),
  update: z.object({
    state: z.enum(['off', 'none', 'checking', 'loading', 'ready', 'failed']),
    /** The version that is loaded or being loaded. */
    version: z.string().nullable(),
    /** Why there is none, what went wrong, or what it waits for. */
    note: z.string().nullable(),
  }),
  /** Counts what was opened with the app and waits to be looked at: ask `takeOpened`. */
  opened: z.int(),
})
export type ShellState = z.infer<typeof shellStateSchema>

/** Something that was opened with the app, from outside: to be shown, and never done unasked. */
export const openedSchema = z.discriminatedUnion('kind', [
  /** A screen, by its path. */
  z.object({ kind: z.literal('screen'), path: z.string() }),
  /** The text of a zap file, to be reviewed before it is imported. */
  z.object({ kind: z.literal('zap-file'), file: z.string(), text: z.string() }),
  /** What cannot be opened, and why, in a sentence. */
  z.object({ kind: z.literal('refused'), message: z.string() }),
])
export type Opened = z.infer<typeof openedSchema>

export const THEMES = ['system', 'light', 'dark'] as const

/** What the shell of the desktop app is and can, for its screens. */
export type Shell = {
  /** Kept beside the database: some of it is wanted before that is open. Rejects with a sentence where a value cannot be put to work. */
  readonly settings: {
    values(): SettingsOf<'desktop'>
    change(values: SettingsOf<'desktop'>): Promise<void>
  }
  state(): ShellState
  /** Calls `listener` whenever the state is another. */
  watch(listener: () => void): void
  /** What was opened since it was asked last. */
  takeOpened(): readonly Opened[]
  /** Puts the `hookline` command where a terminal finds it, or takes it away again. Rejects with a sentence. */
  setCommandLine(isWanted: boolean): Promise<void>
  checkForUpdates(): Promise<void>
  /** Ends the app, puts the loaded version in its place and starts it. */
  installUpdate(): Promise<void>
  /** The licences of everything that comes with the app; null where the file is missing. */
  notices(): Promise<string | null>
  /** Opens the folder of the log in the system's own file manager. */
  showLog(): Promise<void>
  /** Hides the quick-run window, and brings the main window to a screen where one is named. */
  leaveQuickRun(path: string | null): void
  /** Menus, title bars and the first paint of windows go by it. */
  setTheme(theme: (typeof THEMES)[number]): void
}
