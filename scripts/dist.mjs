// `npm run dist`: packs the desktop app for this system into a folder. `-- --linux deb AppImage`, `-- --mac` and `-- --win` make installers; all
// other options go to electron-builder, such as `-c.electronDist=FOLDER` where Electron cannot be downloaded.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './build-if-stale.mjs'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const isForASystem = args.some((arg) => /^(?:--(?:linux|mac|win|dir|x64|arm64)|-[lmw])$/.test(arg))
if (!isForASystem) args.unshift('--dir')

// Named by CSC_NAME, a certificate signs for macOS, and Apple is told; otherwise the signature is ad hoc (see electron-builder.yml).
const { CSC_NAME } = process.env
if (CSC_NAME) args.push(`-c.mac.identity=${CSC_NAME}`, '-c.mac.hardenedRuntime=true', '-c.mac.notarize=true')

// The app looks for newer versions where it was made.
const [owner, repo] = (process.env.GITHUB_REPOSITORY ?? '').split('/')
if (repo) args.push('-c.publish.provider=github', `-c.publish.owner=${owner}`, `-c.publish.repo=${repo}`)

buildIfStale()
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
const { status } = spawnSync(process.execPath, [builder, '--publish', 'never', ...args], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
