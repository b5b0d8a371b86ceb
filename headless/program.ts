import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addAppCommands } from './commands/app.ts'
import { addConnectorsCommand } from './commands/connectors.ts'
import { EXIT, withCommonOptions } from './commands/context.ts'
import { addCredentialCommands } from './commands/credential.ts'
import { addCurlCommand } from './commands/curl.ts'
import { addFleetCommands } from './commands/fleet.ts'
import { addHistoryCommands } from './commands/history.ts'
import { addMaintenanceCommands } from './commands/maintenance.ts'
import { addOutboxCommand } from './commands/outbox.ts'
import { addOwnConnectorCommands } from './commands/own-connectors.ts'
import { addRunCommands } from './commands/run.ts'
import { addSessionCommands } from './commands/session.ts'
import { addSettingsCommands } from './commands/settings.ts'
import { addStartCommand } from './commands/start.ts'
import { addStatusCommands } from './commands/status.ts'
import { addTableCommands } from './commands/table.ts'
import { addTunnelCommands } from './commands/tunnel.ts'
import { addZapCommands } from './commands/zap.ts'

import { complain, complainOfUsage, printHelp } from './terminal.ts'

/** Reads the command line, does what it says, and sets the exit code. */
export async function run(): Promise<void> {
  // Who reads may go before all is said, as `head` does: that is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const program = createProgram()
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      complain(
        `It failed in a way that was not foreseen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      process.exitCode = EXIT.failed
      return
    }
    // Help and version end with 0; everything else that commander refuses is wrong usage, which it has explained.
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
}

function createProgram(): Command {
  const program = new Command('hookline')
    .description('Hookline: personal automations that run on your own computer and never lose an event.')
    .version(packageJson.version)
    .showHelpAfterError('(add --help for what it takes)')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 no host running.')
    .exitOverride()
    .configureOutput({ writeOut: printHelp, writeErr: complainOfUsage })
    .configureHelp({ showGlobalOptions: true })

  addStartCommand(program, withCommonOptions, packageJson.version)
  addSessionCommands(program, withCommonOptions)
  addZapCommands(program, withCommonOptions)
  addRunCommands(program, withCommonOptions)
  addOutboxCommand(program, withCommonOptions)
  addStatusCommands(program, withCommonOptions)
  addCredentialCommands(program, withCommonOptions)
  addTableCommands(program, withCommonOptions)
  addTunnelCommands(program, withCommonOptions)
  addFleetCommands(program, withCommonOptions)
  addHistoryCommands(program, withCommonOptions)
  addConnectorsCommand(program, withCommonOptions)
  addOwnConnectorCommands(program, withCommonOptions)
  addAppCommands(program, withCommonOptions)
  addCurlCommand(program, withCommonOptions)
  addSettingsCommands(program, withCommonOptions)
  addMaintenanceCommands(program, withCommonOptions)

  return program
}
