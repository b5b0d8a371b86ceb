import { Menu, nativeImage, Tray } from 'electron'

export type TrayActions = {
  open(): void
  setPaused(paused: boolean): Promise<void>
  isPaused(): boolean
  quit(): void
}

/** A 32 px hook in one colour; macOS draws it in the colour of its menu bar. */
const ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAA7UlEQVR42u2XSxHDIBCGkVAJSEACOnLiUAFIwAESKgEJSKqElAPMMDs0LCnLdtIe/gsk7JfsE7Ftd8EpcSUAleSy1EqAW1JM2oFi3iMHaBmvIUgBFDD4yKrXFCWAA8bLeg3hLg3A7gL2IPyKNCzylXHPUQkdNvAwACaLBcCM+nE2gAPB9EzSnADYQ8kB9k5ckAB4kOPLAdxAVpBkQRhIw4D8U10ACfwuEQedeeewEMWRhnLi+S6AbjQW+ebLYSPSs6Zi20jDUE2+obFvZ4/l9qAmfGwc2w01YujQKy4mMqdXcYEZifafuJr9AU7pBTwxDZ7LHPahAAAAAElFTkSuQmCC'

/** Puts Hookline into the system's tray: it works on with its window closed, and this is the way back to it, and out of it. */
export function createTray(actions: TrayActions): Tray {
  const icon = nativeImage.createFromDataURL(ICON)
  icon.setTemplateImage(true)
  const tray = new Tray(icon)
  tray.setToolTip('Hookline')
  const update = (): void => {
    const isPaused = actions.isPaused()
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Hookline', click: () => actions.open() },
        {
          label: isPaused ? 'Resume all zaps' : 'Pause all zaps',
          click: () => {
            actions.setPaused(!isPaused).then(update, update)
          },
        },
        { type: 'separator' },
        { label: 'Quit', click: () => actions.quit() },
      ]),
    )
  }
  update()
  tray.on('click', () => actions.open())
  return tray
}
