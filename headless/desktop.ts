import { spawn } from 'node:child_process'
import type { Desktop } from '../core/app.ts'

/**
 * What a headless host has of a desktop: where it was started on one, it opens things by the system's own program. It hears of no links and keys, and
 * sees no clipboard.
 */
export function createDesktop(env: NodeJS.ProcessEnv = process.env, platform = process.platform): Desktop {
  const opener = openerOf(env, platform)
  return {
    links: null,
    hotkeys: null,
    clipboard: null,
    open:
      opener === null
        ? null
        : (target) => {
            if (target.kind === 'app') return run(...opener.app(target.name))
            return run(opener.program, [target.kind === 'file' ? target.path : target.url])
          },
  }
}

type Opener = { readonly program: string; app(name: string): readonly [program: string, words: readonly string[]] }

function openerOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Opener | null {
  if (platform === 'darwin') return { program: 'open', app: (name) => ['open', ['-a', name]] }
  const hasDisplay = (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== ''
  if (platform !== 'linux' || !hasDisplay) return null
  return { program: 'xdg-open', app: (name) => ['gtk-launch', [name]] }
}

/** Milliseconds after which an opener that still runs has opened something: some stay for as long as what they opened. */
const OPENED_MS = 3_000

function run(program: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = spawn(program, words, { stdio: 'ignore', detached: true })
    const opened = setTimeout(resolve, OPENED_MS)
    started.once('error', () => {
      clearTimeout(opened)
      reject(new Error(`the program ${program} is not there, by which this system opens things`))
    })
    started.once('exit', (code) => {
      clearTimeout(opened)
      if (code === 0) resolve()
      else reject(new Error(`${program} ended with code ${code}`))
    })
    started.unref()
  })
}
