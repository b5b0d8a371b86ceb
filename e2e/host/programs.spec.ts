import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { type RunningHost, startHost, temporaryFolder } from '../fixtures/headless-host.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({ zaps: z.array(z.looseObject({ id: z.string() })).length(1) })
const startedSchema = z.looseObject({ runId: z.string() })
const runSchema = z.object({
  run: z.looseObject({ status: z.string() }),
  steps: z.array(
    z.looseObject({
      step: z.string(),
      output: z.unknown(),
      attempts: z.array(z.looseObject({ error: z.looseObject({ code: z.string() }).nullable() })),
    }),
  ),
})

/** Starts a run of one step behind a run by hand. */
async function begin(host: RunningHost, step: { uses: string; input: unknown; settings?: unknown }): Promise<string> {
  const steps = [
    { id: 'go', uses: 'manual.run' },
    { id: 'step', ...step },
  ]
  const zap = { format: 'hookline/zap@1', name: 'Programs', steps, edges: [{ from: 'go', to: 'step' }] }
  const file = await writeZap(host.dataDir, 'programs', zap)
  const { zaps } = await host.ask(importSchema, 'zap', 'import', file)
  const [{ id } = { id: '' }] = zaps
  // Code touches nothing, so a zap from elsewhere may run it without a word.
  if (step.uses === 'shell.run') await host.ask(z.looseObject({}), 'zap', 'approve', id)
  await host.ask(z.looseObject({}), 'zap', 'enable', id)
  return (await host.ask(startedSchema, 'zap', 'run', id, '--input', '{}')).runId
}

const show = (host: RunningHost, runId: string) => host.ask(runSchema, 'run', 'show', runId)
const becomes = (host: RunningHost, runId: string, status: string): Promise<void> =>
  expect(async () => expect((await show(host, runId)).run.status).toBe(status)).toPass()

/** The program that is under way, as it writes its own id into a file of the step's folder. */
async function programIn(dataDir: string): Promise<number> {
  const file = join(dataDir, 'files', 'pid')
  await expect.poll(() => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0)).toBeGreaterThan(1)
  return Number(readFileSync(file, 'utf8'))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // What has ended, and of which only the parent was not told yet, still has its number.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('a program that the host’s own end cut off is not run a second time: a person is asked', async () => {
  const folder = await temporaryFolder()
  let host = await startHost({ dataDir: folder.path })
  const runId = await begin(host, { uses: 'shell.run', input: { line: 'echo $$ > pid; exec sleep 1000' } })
  const program = await programIn(folder.path)
  await host.kill()
  host = await startHost({ dataDir: folder.path })
  await becomes(host, runId, 'needs-review')
  const { steps } = await show(host, runId)
  expect(steps.find(({ step }) => step === 'step')?.attempts).toHaveLength(1)
  await host.stop()
  if (isAlive(program)) process.kill(program, 'SIGKILL')
  await folder.remove()
})

test('one that may be repeated is run again', async () => {
  const folder = await temporaryFolder()
  let host = await startHost({ dataDir: folder.path })
  const line = 'if [ -f pid ]; then echo again; else echo $$ > pid; exec sleep 1000; fi'
  const runId = await begin(host, { uses: 'shell.run', input: { line, repeat: 'safe' } })
  const program = await programIn(folder.path)
  await host.kill()
  host = await startHost({ dataDir: folder.path })
  await becomes(host, runId, 'succeeded')
  // The first was ended before: the two never run at the same time.
  if (process.platform === 'linux') expect(isAlive(program)).toBe(false)
  expect((await show(host, runId)).steps.find(({ step }) => step === 'step')?.output).toMatchObject({
    stdout: 'again\n',
  })
  await host.stop()
  if (isAlive(program)) process.kill(program, 'SIGKILL')
  await folder.remove()
})

test('a program ends with the host, and with the time of its step', async () => {
  const folder = await temporaryFolder()
  mkdirSync(join(folder.path, 'files'), { recursive: true })
  let host = await startHost({ dataDir: folder.path })
  const sleep = { uses: 'shell.run', input: { line: 'echo $$ > pid; sleep 1000 & wait' } }
  const stopped = await begin(host, sleep)
  const first = await programIn(folder.path)
  await host.stop()
  expect(isAlive(first)).toBe(false)
  host = await startHost({ dataDir: folder.path })
  await becomes(host, stopped, 'needs-review')
  const late = await begin(host, { ...sleep, settings: { timeoutMs: 1_500 } })
  await expect.poll(() => Number(readFileSync(join(folder.path, 'files', 'pid'), 'utf8'))).not.toBe(first)
  const second = await programIn(folder.path)
  await becomes(host, late, 'needs-review')
  await expect.poll(() => isAlive(second)).toBe(false)
  await host.stop()
  await folder.remove()
})

test('code whose process is killed is run again, and says so', async () => {
  test.skip(!existsSync('/proc/self/status'), 'only Linux tells which processes a process has')
  const folder = await temporaryFolder()
  const host = await startHost({ dataDir: folder.path })
  const code = 'const until = Date.now() + 3000\nwhile (Date.now() < until) {}\nreturn "done"'
  const runId = await begin(host, { uses: 'code.run', input: { code } })
  const isOfHost = (pid: string): boolean => {
    try {
      const [, parent] = /^PPid:\s+([0-9]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      return (
        Number(parent) === host.child.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sandbox-process')
      )
    } catch {
      return false
    }
  }
  const sandboxes = (): string[] => readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && isOfHost(name))
  await expect.poll(() => sandboxes().length).toBe(1)
  // It has begun once it has used the processor for a while.
  const [pid = ''] = sandboxes()
  const ticks = (): number => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[11])
  await expect.poll(ticks).toBeGreaterThan(60)
  process.kill(Number(pid), 'SIGKILL')
  await becomes(host, runId, 'succeeded')
  const step = (await show(host, runId)).steps.find((one) => one.step === 'step')
  expect(step?.attempts.map(({ error }) => error?.code ?? null)).toEqual(['sandbox', null])
  expect(step?.output).toMatchObject({ result: 'done' })
  await host.stop()
  await folder.remove()
})
