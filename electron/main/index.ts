import { app } from 'electron'
import { commandWords } from './command-line.ts'

// Before anything asks for a folder: the app's own has its name.
app.setName('Hookline')

const words = commandWords()
// Each is loaded where it is wanted: a command needs no windows, and the app no commands.
if (words === undefined) (await import('./desktop-app.ts')).startDesktopApp()
else await (await import('./as-command.ts')).runAsCommand(words)
