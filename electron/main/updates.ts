import type { AppUpdater } from 'electron-updater'
import type { Log, SettingsOf } from '../../core/app.ts'
import type { ShellState } from '../../core/contract/values.ts'

type UpdateState = ShellState['update']
type Channel = SettingsOf<'desktop'>['updates']

/** Milliseconds between two looks for an update: once after the start, then four times a day. */
const FIRST_MS = 60_000
const EVERY_MS = 6 * 3_600_000

/**
 * What updates this copy. On Linux an AppImage alone updates itself; asked, electron-updater would go by a file that the packer leaves in it when it makes
 * a package for Debian beside it, and have the system install that.
 */
export async function loadUpdater(platform: NodeJS.Platform = process.platform): Promise<AppUpdater> {
  const { default: updaters } = await import('electron-updater')
  return platform === 'linux' ? new updaters.AppImageUpdater() : updaters.autoUpdater
}

/** Looks for updates, loads them, and puts them in place when nothing is under way. */
export type Updates = {
  state(): UpdateState
  /** Which ones are wanted from now on. */
  setChannel(channel: Channel): void
  /** Looks now. Rejects with a sentence where that is off. */
  check(): Promise<void>
  /** Says whether runs are under way: an update that is loaded waits for their end. */
  setBusy(isBusy: boolean): void
  /** A person wants it now. Rejects with a sentence where none is loaded. */
  install(): Promise<void>
  close(): void
}

/**
 * Makes what keeps the app up to date. `load` loads electron-updater, which checks what it loads against the hash of the channel's file and,
 * where the platform has that, against our signature. Nothing is asked of any server while updates are off, in a build that is not
 * packaged, or before the first minute is over.
 */
export function createUpdates(parts: {
  readonly load: () => Promise<AppUpdater>
  /** Why this copy of the app cannot be updated by itself, in a sentence; null where it can. */
  readonly hindrance: string | null
  readonly log: Log
  readonly changed: () => void
  /** Lets the core end, so that nothing is lost when the app is ended for its update. */
  readonly beforeInstall: () => Promise<void>
  /** Starts the app again: the core has ended, and the update could not be put in place. */
  readonly afterFailure: () => void
}): Updates {
  const { log, hindrance } = parts
  let channel: Channel = 'off'
  let state: UpdateState = { state: 'off', version: null, note: hindrance }
  let isBusy = false
  let isInstalling = false
  let updater: Promise<AppUpdater> | undefined
  let timer: NodeJS.Timeout | undefined

  const isChecking = (): boolean => state.state === 'checking'

  function set(next: UpdateState): void {
    state = next
    parts.changed()
  }

  async function prepared(): Promise<AppUpdater> {
    updater ??= parts.load().then((loaded) => {
      loaded.autoDownload = true
      // By us, when nothing is under way; and by itself at the next quit, where that comes first.
      loaded.autoInstallOnAppQuit = true
      loaded.allowDowngrade = false
      loaded.logger = null
      loaded.on('update-available', ({ version }) => set({ state: 'loading', version, note: null }))
      loaded.on('update-not-available', () => set({ state: 'none', version: null, note: null }))
      loaded.on('update-downloaded', ({ version }) => {
        log.info('An update is loaded.', { version })
        set({ state: 'ready', version, note: null })
        waitOrInstall()
      })
      loaded.on('error', (error) => {
        log.warn('An update could not be had.', { error: error.message })
        if (isInstalling) parts.afterFailure()
        set({ state: 'failed', version: null, note: 'The update could not be had: it is tried again later.' })
      })
      return loaded
    })
    const ready = await updater
    ready.channel = channel === 'beta' ? 'beta' : 'latest'
    ready.allowPrerelease = channel === 'beta'
    // To set a channel allows older versions, too.
    ready.allowDowngrade = false
    return ready
  }

  function waitOrInstall(): void {
    if (state.state !== 'ready' || channel === 'off') return
    const note = isBusy ? 'It is put in place when no run is under way.' : null
    if (state.note !== note) set({ ...state, note })
    if (!isBusy)
      void install().catch((error: unknown) => log.warn('An update was not installed.', { error: String(error) }))
  }

  async function install(): Promise<void> {
    if (state.state !== 'ready') throw new Error('No update is loaded.')
    if (isInstalling) return
    const ready = await prepared()
    if (isInstalling) return
    isInstalling = true
    try {
      await parts.beforeInstall()
      // Without the installer's questions, and the app is started again. What keeps it from that comes as an error, or is thrown.
      ready.quitAndInstall(true, true)
    } catch (error) {
      log.error('An update could not be put in place.', { error: String(error) })
      parts.afterFailure()
    }
  }

  async function check(): Promise<void> {
    if (hindrance !== null) throw new Error(hindrance)
    if (channel === 'off') throw new Error('Updates are off: choose "stable" or "beta" first.')
    if (state.state === 'ready' || state.state === 'loading' || isChecking()) return
    set({ state: 'checking', version: null, note: null })
    try {
      await (await prepared()).checkForUpdates()
      // What it found it has said by now.
      if (isChecking()) set({ state: 'none', version: null, note: null })
    } catch (error) {
      log.warn('Updates could not be looked for.', { error: error instanceof Error ? error.message : String(error) })
      set({
        state: 'failed',
        version: null,
        note: 'The server of the updates could not be asked: it is tried again later.',
      })
    }
  }

  function lookIn(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      void check().catch(() => undefined)
      lookIn(EVERY_MS)
    }, ms)
    timer.unref()
  }

  return {
    state: () => state,
    setChannel(next) {
      if (hindrance !== null || next === channel) return
      channel = next
      clearTimeout(timer)
      if (channel !== 'off') lookIn(FIRST_MS)
      // What was loaded from the other channel is not wanted any more.
      set({ state: channel === 'off' ? 'off' : 'none', version: null, note: null })
    },
    check,
    setBusy(busy) {
      if (busy === isBusy) return
      isBusy = busy
      waitOrInstall()
    },
    install,
    close: () => clearTimeout(timer),
  }
}
