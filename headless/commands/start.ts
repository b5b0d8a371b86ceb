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
    .option('--fleet <url>', 'join other hosts by a log: nats://host:4222, kafka://host:9092,… (or $HOOKLINE_FLEET)')
    .option('--name <name>', 'its name in the fleet (default: the computer’s)')
    .option('--role <roles>', 'what it does in the fleet: intake, worker or both with a comma (default: both)')
    .option(
      '--fleet-key-file <file>',
      'file with the passphrase that seals shared credentials (or $HOOKLINE_FLEET_KEY)',
    )
    .option(
      '--fleet-s3 <url>',
      'bucket for large values, for when their host is gone: https://server/bucket?region=… (or $HOOKLINE_FLEET_S3)',
    )
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
        const [{ startHost }, { stopOnSignals }, { readFleetOptions }] = await Promise.all([
          import('../host.ts'),
          import('../stop-on-signals.ts'),
          import('../../core/app.ts'),
        ])
        const fleet = readFleetOptions(command.opts(), process.env)
        host = await startHost({ dataDir, version, port, hookPort, rendererDir, fleet })
        stopOnSignals(host.stop, host.log)
      } catch (error) {
        complain(error instanceof Error ? error.message : String(error))
        process.exitCode = EXIT.failed
        return
      }
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

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}
