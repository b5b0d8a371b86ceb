import { spawn } from 'node:child_process'
import { app, clipboard, globalShortcut, shell } from 'electron'
import type { Desktop, OpenTarget } from '../../core/app.ts'
import { isLink, SCHEME } from './opened.ts'

/** Has the system hand links of ours to this app. It asks a person once; to say it again changes nothing. */
export function takeLinks(): void {
  app.setAsDefaultProtocolClient(SCHEME)
}

/** What the desktop app has of its desktop. */
export function createDesktop(): Desktop & { close(): void } {
  const heard = new Set<(url: string) => void>()
  const hear = (url: string): void => {
    if (isLink(url)) for (const listener of heard) listener(url)
  }
  // macOS hands a link over as an event, the others as an argument of a second start.
  const onOpenUrl = (event: { preventDefault(): void }, url: string): void => {
    event.preventDefault()
    hear(url)
  }
  const onSecond = (_event: unknown, argv: readonly string[]): void => {
    for (const word of argv) hear(word)
  }
  app.on('open-url', onOpenUrl)
  app.on('second-instance', onSecond)
  // The one that started this program.
  const first = process.argv.filter(isLink)

  return {
    links(listener) {
      takeLinks()
      heard.add(listener)
      for (const url of first.splice(0)) listener(url)
      return () => void heard.delete(listener)
    },
    hotkeys(keys, pressed) {
      try {
        if (!globalShortcut.register(keys, pressed)) return null
      } catch {
        // A key that this system does not know.
        return null
      }
      return () => globalShortcut.unregister(keys)
    },
    clipboard: {
      read: async () => clipboard.readText(),
      write: async (text) => clipboard.writeText(text),
    },
    open,
    close() {
      app.off('open-url', onOpenUrl)
      app.off('second-instance', onSecond)
      globalShortcut.unregisterAll()
    },
  }
}

async function open(target: OpenTarget): Promise<void> {
  switch (target.kind) {
    case 'address':
      return shell.openExternal(target.url)
    case 'file': {
      const why = await shell.openPath(target.path)
      if (why !== '') throw new Error(why)
      return
    }
    case 'app':
      return startApp(target.name)
  }
}

/** Starts an app by its name, as each system knows it. The name is one word of a list, and no part of a line. */
function startApp(name: string): Promise<void> {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open', '-a', name]
      : process.platform === 'win32'
        ? ['explorer.exe', `shell:AppsFolder\\${name}`]
        : ['gtk-launch', name]
  return new Promise((resolve, reject) => {
    const started = spawn(program ?? '', words, { stdio: 'ignore', detached: true })
    started.once('error', () => reject(new Error(`there is no app "${name}", or nothing that could start it`)))
    started.once('exit', (code) => {
      if (code === 0 || process.platform === 'win32') resolve()
      else reject(new Error(`there is no app "${name}" on this computer`))
    })
    started.unref()
  })
}
