import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Host } from '../host.ts'
import { openBrowser } from '../open-browser.ts'
import { letHeapGrow } from '../small-heap.ts'
import { complain, print, printJson } from '../terminal.ts'
import { commonOptions, EXIT } from './context.ts'

/** Ports of a host that was told none: fixed, so that a sender's address stays right. */
const DEFAULT_PORT = 4780
const DEFAULT_HOOK_PORT = 4781

const startSchema = z.object({ port: z.int(), hookPort: z.int(), open: z.boolean() })

export function addStartCommand(program: Command, add: (command: Command) => Command, version: string): void {
  add(program.command('start'))
    .description('run Hookline in this terminal and open its screens in a browser')
    .option('--port <n>', 'port of the screens (0 picks a free one)', readPort, DEFAULT_PORT)
    .option('--hook-port <n>', 'port that webhooks come in on (0 picks a free one)', readPort, DEFAULT_HOOK_PORT)
    .option('--no-open', 'do not open a browser')
    .action(async (_options, command: Command) => {
      const { dataDir, isJson } = commonOptions(command)
      const { port, hookPort, open } = startSchema.parse(command.opts())
      const rendererDir = join(import.meta.dirname, '..', 'renderer')
      if (!existsSync(join(rendererDir, 'index.html'))) {
        complain('The screens are not built: run "npm run build" first.')
        process.exitCode = EXIT.failed
        return
      }
      let host: Host
      try {
        // Loaded here: every other command does without the host, and is there in half the time.
        const { startHost } = await import('../host.ts')
        host = await startHost({ dataDir, version, port, hookPort, rendererDir })
      } catch (error) {
        complain(error instanceof Error ? error.message : String(error))
        process.exitCode = EXIT.failed
        return
      }
      stopOnSignals(host)
      letHeapGrow()
      announce(host, dataDir, isJson)
      if (open && !isJson && !openBrowser(host.openAddress())) {
        print('No browser could be opened here: open the address above yourself.')
      }
    })
}

function announce(host: Host, dataDir: string, isJson: boolean): void {
  const safeMode = host.app.safeMode()
  if (isJson) {
    const ready = { event: 'ready', ui: host.openAddress(), hooks: host.hooksUrl, data: dataDir, pid: process.pid }
    printJson(safeMode === null ? ready : { ...ready, safeMode })
    return
  }
  print([
    'Hookline is running.',
    `  Screens   ${host.openAddress()}`,
    `  Webhooks  ${host.hooksUrl}/hooks/…`,
    `  Data      ${dataDir}`,
    'The address opens the screens once, within ten minutes; "hookline open" opens them again.',
    'Stop it with Ctrl+C.',
  ])
  if (safeMode !== null) print(['', safeMode, 'Resume with "hookline resume".'])
}

/**
 * One Ctrl+C can arrive as several signals: from the terminal, and again from the npm or the older Node that started us. What comes
 * within this many milliseconds of the first is the same wish.
 */
const SAME_WISH_MS = 1_000

/** The first signal stops gracefully; a later one ends the process at once, and nothing acknowledged is lost by that either. */
function stopOnSignals(host: Host): void {
  let firstAt: number | null = null
  const stop = (): void => {
    const now = performance.now()
    if (firstAt !== null) {
      if (now - firstAt > SAME_WISH_MS) process.exit(EXIT.failed)
      return
    }
    firstAt = now
    host.stop().then(
      () => process.exit(EXIT.done),
      (error: unknown) => {
        complain(`It did not stop cleanly: ${String(error)}`)
        process.exit(EXIT.failed)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', stop)
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}
