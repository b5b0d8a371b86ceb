import { Menu, nativeImage, Tray } from 'electron'

export type TrayActions = {
  open(): void
  setPaused(paused: boolean): Promise<void>
  isPaused(): boolean
  quit(): void
}

/** A 32 px hook in one colour; macOS draws it in the colour of its menu bar. */
const ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAhklEQVR4nO2VUQrAIAxD0/tf2n1tyFBTNUYG5kcQkzxqacDR73R9KPcy3ADpTAb3FAA9FQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdFQDdAANYB2hVmkbuAAAAAElFTkSuQmCC'

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
