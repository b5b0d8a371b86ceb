import { execFile } from 'node:child_process'
import { delimiter } from 'node:path'

/** Milliseconds that a person's shell may take: some have much in their start files. */
const PATIENCE_MS = 5_000

/** Around the path, as start files may print something of their own. */
const MARK = '__hookline_path__'

/**
 * Adds to this process's PATH what a person's login shell has. An app that the Finder or a desktop started has only the system's own
 * folders there, and finds no `cloudflared`, `ssh` or `ngrok` that a package manager installed. Where the shell says nothing in time,
 * the PATH stays.
 */
export async function addLoginShellPath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const shell = env.SHELL ?? (platform === 'darwin' ? '/bin/zsh' : '')
  if (platform === 'win32' || shell === '' || !shell.startsWith('/')) return
  const said = await new Promise<string>((resolve) => {
    // Interactive as well, as many put it into the file of that.
    const asked = execFile(
      shell,
      ['-ilc', `printf '%s' "${MARK}\${PATH}${MARK}"`],
      {
        env: { ...env, DISABLE_AUTO_UPDATE: 'true' },
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
        maxBuffer: 1_048_576,
      },
      (_error, stdout) => resolve(stdout),
    )
    asked.on('error', () => resolve(''))
    asked.stdin?.end()
  })
  const found = said.split(MARK)[1]?.split(delimiter) ?? []
  const known = (env.PATH ?? '').split(delimiter)
  const folders = [...known, ...found.filter((folder) => folder.startsWith('/'))].filter(Boolean)
  env.PATH = [...new Set(folders)].join(delimiter)
}
