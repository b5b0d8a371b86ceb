import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { expect, test } from '../fixtures/test.ts'

const root = join(import.meta.dirname, '..', '..')
/** Ports that no other test has, and words for a program. */
const ON_FREE_PORTS = ['--json', '--port', '0', '--hook-port', '0']

/** A home folder with the repository where docs/install.md clones it to. */
async function homeIn(folder: string): Promise<string> {
  const home = join(folder, 'home')
  await mkdir(join(home, 'Library', 'Logs'), { recursive: true })
  await symlink(root, join(home, 'hookline'))
  return home
}

/** Starts what a service would start; `log` says what it has written. Resolves with its exit code when it was ready and was then asked to stop. */
async function startAndStop(
  command: readonly string[],
  home: string,
  log: () => Promise<string>,
): Promise<number | null> {
  const [program = '', ...words] = command
  const env = { HOME: home, PATH: '/usr/bin:/bin' }
  const child = spawn(program, words, { cwd: '/', env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    said += chunk
  })
  const ended = once(child, 'close')
  await expect.poll(async () => said + (await log())).toContain('"event":"ready"')
  child.kill('SIGTERM')
  await ended
  return child.exitCode
}

test('the unit of systemd is sound, and what it starts runs in a home of its own and stops in order', async ({
  folder,
}) => {
  const home = await homeIn(folder)
  const unit = join(root, 'deploy', 'hookline.service')
  if (existsSync('/usr/bin/systemd-analyze')) {
    const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: folder }
    const verified = spawnSync('systemd-analyze', ['--user', 'verify', unit], { env, encoding: 'utf8' })
    expect(verified.stderr).toBe('')
    expect(verified.status).toBe(0)
  }
  const line = /^ExecStart=(.+)$/m.exec(await readFile(unit, 'utf8'))?.[1] ?? ''
  const command = [...line.replaceAll('%h', home).split(' '), ...ON_FREE_PORTS]
  expect(await startAndStop(command, home, async () => '')).toBe(0)
  expect(existsSync(join(home, '.config', 'Hookline', 'hookline.db'))).toBe(true)
})

const plistSchema = z.object({
  plist: z.object({
    dict: z.object({ key: z.array(z.string()), array: z.object({ string: z.array(z.string()) }) }),
  }),
})

test('the agent of launchd can be read, and what it starts runs in a home of its own and stops in order', async ({
  folder,
}) => {
  const home = await homeIn(folder)
  const text = await readFile(join(root, 'deploy', 'app.hookline.host.plist'), 'utf8')
  const { plist } = plistSchema.parse(new XMLParser({ parseTagValue: false }).parse(text, true))
  expect(plist.dict.key).toEqual(expect.arrayContaining(['Label', 'ProgramArguments', 'RunAtLoad', 'KeepAlive']))
  const command = plist.dict.array.string.map((word) =>
    word.replace('--no-open', ['--no-open', ...ON_FREE_PORTS].join(' ')),
  )
  expect(
    await startAndStop(command, home, () =>
      readFile(join(home, 'Library', 'Logs', 'Hookline.log'), 'utf8').catch(() => ''),
    ),
  ).toBe(0)
})
