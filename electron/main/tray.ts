import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import { trayImage } from './tray-image.ts'

export type TrayActions = {
  /** Brings the window up, with a screen where one is named. */
  open(path?: string): void
  quickRun(): void
  setPaused(paused: boolean): Promise<void>
  quit(): void
}

/** What a person sees of Hookline with its window closed. */
export type Standing = {
  readonly isPaused: boolean
  /** Questions that wait for a person, and incidents. */
  readonly approvals: number
  readonly incidents: number
}

/** The icon in the system's tray, with what needs a person's eye. */
export type TrayIcon = { show(standing: Standing): void }

const counted = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`)

/** How things are, in a line. */
export function standingWords({ isPaused, approvals, incidents }: Standing): string {
  const words = [
    ...(isPaused ? ['paused'] : []),
    ...(approvals > 0 ? [counted(approvals, 'approval waits', 'approvals wait')] : []),
    ...(incidents > 0 ? [counted(incidents, 'incident', 'incidents')] : []),
  ]
  return words.length === 0 ? 'Hookline' : `Hookline: ${words.join(', ')}`
}

const standingKey = ({ isPaused, approvals, incidents }: Standing): string => `${isPaused} ${approvals} ${incidents}`

/** Puts Hookline into the system's tray: it works on with its window closed, and this is the way back to it, and out of it. */
export function createTray(actions: TrayActions, platform: NodeJS.Platform = process.platform): TrayIcon {
  const imageOf = (standing: Standing) => {
    const { url, url2x, isTemplate } = trayImage(
      standing.incidents + standing.approvals > 0 ? 'attention' : standing.isPaused ? 'paused' : 'normal',
      platform,
    )
    const image = nativeImage.createFromDataURL(url)
    image.addRepresentation({ scaleFactor: 2, dataURL: url2x })
    image.setTemplateImage(isTemplate)
    return image
  }
  let shown: Standing = { isPaused: false, approvals: 0, incidents: 0 }
  const tray = new Tray(imageOf(shown))

  function menu({ isPaused, approvals, incidents }: Standing): MenuItemConstructorOptions[] {
    const news: MenuItemConstructorOptions[] = [
      ...(approvals > 0
        ? [{ label: counted(approvals, 'approval waits', 'approvals wait'), click: () => actions.open('/approvals') }]
        : []),
      ...(incidents > 0
        ? [{ label: counted(incidents, 'incident', 'incidents'), click: () => actions.open('/outbox') }]
        : []),
    ]
    return [
      { label: 'Open Hookline', click: () => actions.open() },
      { label: 'Run a zap…', click: () => actions.quickRun() },
      ...(news.length > 0 ? [{ type: 'separator' } as const, ...news] : []),
      { type: 'separator' },
      {
        label: isPaused ? 'Resume all zaps' : 'Pause all zaps',
        click: () => void actions.setPaused(!isPaused).catch(() => undefined),
      },
      { type: 'separator' },
      { label: 'Quit', click: () => actions.quit() },
    ]
  }

  function draw(standing: Standing): void {
    shown = standing
    tray.setImage(imageOf(shown))
    tray.setToolTip(standingWords(shown))
    // Linux shows a menu as it was when it was set.
    tray.setContextMenu(Menu.buildFromTemplate(menu(shown)))
    const count = shown.approvals + shown.incidents
    if (platform === 'darwin') tray.setTitle(count === 0 ? '' : String(count))
  }

  draw(shown)
  // On macOS a click opens the menu by itself.
  if (platform !== 'darwin') tray.on('click', () => actions.open())
  return {
    show(standing) {
      // Under load it is told twice a second: a menu that is set anew closes under the hand that has opened it.
      if (standingKey(standing) !== standingKey(shown)) draw(standing)
    },
  }
}

/** Says the number beside the app's own icon, as far as the system has a place for it. */
export function showBadge(
  { approvals, incidents }: Standing,
  window: BrowserWindow | undefined,
  platform = process.platform,
): void {
  const count = approvals + incidents
  if (platform !== 'win32') {
    app.setBadgeCount(count)
    return
  }
  if (window === undefined || window.isDestroyed()) return
  const image = count === 0 ? null : nativeImage.createFromDataURL(trayImage('attention', platform).url)
  window.setOverlayIcon(image, count === 0 ? '' : standingWords({ isPaused: false, approvals, incidents }))
}
