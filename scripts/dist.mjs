// `npm run dist`: packs the desktop app for this system into a folder. `-- --linux deb AppImage`, `-- --mac` and `-- --win` make installers; all
// other options go to electron-builder, such as `-c.electronDist=FOLDER` where Electron cannot be downloaded.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './build-if-stale.mjs'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const isForASystem = args.some((arg) => /^(?:--(?:linux|mac|win|dir|x64|arm64)|-[lmw])$/.test(arg))
if (!isForASystem) args.unshift('--dir')

// A secret that a fork has not is empty there, which electron-builder takes for a certificate that it cannot find.
for (const [name, value] of Object.entries(process.env))
  if (value === '' && /^(?:WIN_)?CSC_|^APPLE_/.test(name)) delete process.env[name]

// Named by CSC_NAME, a certificate signs for macOS, and Apple is told; otherwise the signature is ad hoc (see electron-builder.yml).
const { CSC_NAME } = process.env
if (CSC_NAME) args.push(`-c.mac.identity=${CSC_NAME}`, '-c.mac.hardenedRuntime=true', '-c.mac.notarize=true')

args.push(...placeOfUpdates(process.env))

buildIfStale()
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
const { status } = spawnSync(process.execPath, [builder, '--publish', 'never', ...args], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1

/** Where the app looks for newer versions of itself: a folder of a web server, else the releases of the repository that it is made in, else nowhere. */
function placeOfUpdates({ HOOKLINE_UPDATES_URL: url = '', GITHUB_REPOSITORY = '' }) {
  if (url !== '') {
    // What comes from there is run: by http, anyone on the way could put in something else.
    if (URL.parse(url)?.protocol !== 'https:')
      throw new Error(
        `HOOKLINE_UPDATES_URL is "${url}": it has to be the https address of the folder with the packages.`,
      )
    return ['-c.publish.provider=generic', `-c.publish.url=${url}`]
  }
  const [owner, repo] = GITHUB_REPOSITORY.split('/')
  return repo ? ['-c.publish.provider=github', `-c.publish.owner=${owner}`, `-c.publish.repo=${repo}`] : []
}
