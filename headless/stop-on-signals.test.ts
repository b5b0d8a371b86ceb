import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../core/db/test-database.ts'

/** A process that stops as `stop` says, where a thread waits for a pipe if `isHeld`, and what it wrote so far. */
async function child(stop: string, mostMs: number, isHeld: boolean) {
  const pipe = join(temporaryFolder(), 'pipe')
  if (isHeld) execFileSync('mkfifo', [pipe])
  const program = `
    import { open } from 'node:fs/promises'
    import { stopOnSignals } from ${JSON.stringify(join(import.meta.dirname, 'stop-on-signals.ts'))}
    if (${isHeld}) open(${JSON.stringify(pipe)}, 'a').catch(() => undefined)
    setInterval(() => undefined, 60_000)
    const log = { info() {}, warn() {}, error: (message, facts) => console.log(message, JSON.stringify(facts)) }
    stopOnSignals(${stop}, log, ${mostMs})
    console.log('ready')
  `
  const started = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.stderr.pipe(process.stderr, { end: false })
  onTestFinished(() => void started.kill('SIGKILL'))
  const said: string[] = []
  started.stdout.setEncoding('utf8').on('data', (chunk) => said.push(chunk))
  await once(started.stdout, 'data')
  const ended = once(started, 'close').then(([code, signal]) => ({ code, signal, said: said.join('') }))
  return { ended, process: started }
}

const never = '() => new Promise(() => {})'
const atOnce = 'async () => {}'
// There are no such signals, nor pipes among the files, on Windows.
const onUnix = test.skipIf(process.platform === 'win32')

onUnix('a stop that ends is the end', async () => {
  const { ended, process: started } = await child(atOnce, 60_000, false)
  started.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, signal: null })
})

onUnix.each([
  ['a stop that never ends', never, false],
  ['a thread that waits for ever, which the end of the process would wait for', atOnce, true],
  ['both', never, true],
])('%s holds the process up no longer than allowed, and the log says so', async (_, stop, isHeld) => {
  const { ended, process: started } = await child(stop, 300, isHeld)
  started.kill('SIGTERM')
  const { signal, said } = await ended
  expect(signal).toBe('SIGTERM')
  expect(said).toContain('did not stop within 0.3 s')
  expect(said.includes('FSReq')).toBe(isHeld)
})

onUnix('a later signal ends it at once', async () => {
  const { ended, process: started } = await child(never, 600_000, true)
  const again = setInterval(() => started.kill('SIGINT'), 100)
  onTestFinished(() => clearInterval(again))
  expect(await ended).toMatchObject({ signal: 'SIGINT' })
})
