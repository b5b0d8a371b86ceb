import { app } from 'electron'
import { commandWords } from './command-line.ts'

// Before anything asks for a folder: the app's own has its name.
app.setName('Hookline')

// A folder that is gone since it was started in has no path, which libraries ask for as they load.
try {
  process.cwd()
} catch {
  process.chdir('/')
}

const words = commandWords()
// Each is loaded where it is wanted: a command needs no windows, and the app no commands.
if (words === undefined) (await import('./desktop-app.ts')).startDesktopApp()
else await (await import('./as-command.ts')).runAsCommand(words)
