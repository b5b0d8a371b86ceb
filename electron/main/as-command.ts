import { app } from 'electron'
import { run } from '../../headless/program.ts'
import { complain } from '../../headless/terminal.ts'

/** Does what the words of a command say, as the `hookline` command of a headless host does, and ends. No window is opened. */
export async function runAsCommand(words: readonly string[]): Promise<void> {
  // Else its icon would come up in the Dock with each command.
  if (process.platform === 'darwin') app.setActivationPolicy('prohibited')
  if (words[0] === 'start') {
    complain('this command is of the app, which is the host itself: open Hookline.')
    process.exitCode = 2
  } else {
    process.argv = [process.execPath, 'hookline', ...words]
    await run()
  }
  // What was written has to be out before the process is gone.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
  app.exit(Number(process.exitCode ?? 0))
}
