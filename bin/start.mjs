// `npm start`: the desktop app where there is an Electron binary and a display, otherwise the headless host.
import { requireNewNode, root } from './pinned-node.mjs'
import { stopWithParent } from './stop-with-parent.mjs'

stopWithParent()
await requireNewNode()
const { spawn } = await import('node:child_process')
const { electronBinary } = await import('../scripts/electron-binary.mjs')
const { buildIfStale } = await import('../scripts/build-if-stale.mjs')

buildIfStale()
const args = process.argv.slice(2)
const hasDisplay =
  process.platform === 'win32' ||
  process.platform === 'darwin' ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const electron = electronBinary()
if (electron !== undefined && hasDisplay && args.length === 0) {
  const child = spawn(electron, [root], { stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
} else {
  const missing = electron === undefined ? 'no Electron binary ("npx install-electron" gets it)' : 'no display'
  if (args.length === 0) console.log(`Starting the headless host, as there is ${missing}.`)
  process.argv.splice(2, process.argv.length - 2, 'start', ...args)
  await import('../out/headless/cli.js')
}
