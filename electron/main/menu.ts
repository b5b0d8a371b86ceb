import { Menu, type MenuItemConstructorOptions } from 'electron'

export type MenuActs = {
  /** Brings the window up with a screen. */
  open(path: string): void
  checkForUpdates(): void
  showLog(): void
}

const SCREENS = [
  ['Zaps', '/zaps'],
  ['Runs', '/runs'],
  ['Approvals', '/approvals'],
  ['Inbox', '/inbox'],
  ['Outbox', '/outbox'],
] as const

/**
 * macOS has its menu at the top of the screen, where people look for what an app can do, and without "Edit" there no field can be copied
 * from. Elsewhere there is none: that of Chromium would reload the page at the keys of ours.
 */
export function setAppMenu(acts: MenuActs, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate(template(acts)) : null)
}

function template(acts: MenuActs): MenuItemConstructorOptions[] {
  const go = (label: string, path: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => acts.open(path),
  })
  return [
    {
      label: 'Hookline',
      submenu: [
        go('About Hookline', '/about'),
        { label: 'Check for Updates…', click: () => acts.checkForUpdates() },
        { type: 'separator' },
        go('Settings…', '/settings', 'Cmd+,'),
        { type: 'separator' },
        { role: 'services' },
        { type: 'separator' },
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { label: 'File', submenu: [{ role: 'close' }] },
    { role: 'editMenu' },
    {
      label: 'Go',
      submenu: SCREENS.map(([label, path], at) => go(label, path, `Cmd+${at + 1}`)),
    },
    { label: 'View', submenu: [{ role: 'togglefullscreen' }] },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [go('Log', '/log'), { label: 'Show the Log', click: () => acts.showLog() }],
    },
  ]
}
