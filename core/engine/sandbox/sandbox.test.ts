import { fork } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { IsolatedProcess, StartIsolated } from '../../domain/host/adapters.ts'
import type { SandboxJob, SandboxQuestion } from '../../domain/runs/sandbox.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { manualClock, systemClock } from '../../domain/time/clock.ts'
import { startChild } from './isolated-child.ts'
import { createSandbox } from './sandbox.ts'

const job = (source: string, deadlineMs = 30_000): SandboxJob => {
  return { kind: 'code', source, data: ['{"input":{}}'], zone: 'UTC', deadlineMs, maxDepth: 200 }
}
const { signal } = new AbortController()

/** Starts real processes, and keeps hold of them. */
function watched() {
  const started: IsolatedProcess[] = []
  const ended: string[] = []
  const start: StartIsolated = (file, on) => {
    const one = startChild(file, {
      ...on,
      ended(why) {
        ended.push(why)
        on.ended(why)
      },
    })
    started.push(one)
    return one
  }
  return { start, started, ended }
}

const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('the processes in which code runs', () => {
  it('are used again, and given up after a limit was met', async () => {
    const { start, started, ended } = watched()
    const sandbox = createSandbox(systemClock, start)
    for (let n = 0; n < 3; n++) expect(await sandbox.run(job('1'), signal)).toMatchObject({ result: { json: '1' } })
    expect(started).toHaveLength(1)
    expect(await sandbox.run(job('for (;;) {}', 50), signal)).toMatchObject({ result: { failure: { kind: 'time' } } })
    expect(await sandbox.run(job('2'), signal)).toMatchObject({ result: { json: '2' } })
    expect(started).toHaveLength(2)
    await sandbox.close()
    await expect.poll(() => ended).toHaveLength(2)
  })

  it('that are lost fail what they were at, so that it is tried again, and nothing else', async () => {
    const { start, started } = watched()
    const sandbox = createSandbox(systemClock, start)
    const lost = failureOf(sandbox.run(job('for (;;) {}', 60_000), signal))
    const other = sandbox.run(job('42'), signal)
    expect(await other).toMatchObject({ result: { json: '42' } })
    started[0]?.kill()
    const error = await lost
    expect(error).toBeInstanceOf(StepError)
    expect(error).toMatchObject({ details: { code: 'sandbox', retryable: true } })
    expect(await sandbox.run(job('43'), signal)).toMatchObject({ result: { json: '43' } })
    await sandbox.close()
  })

  it('are ended with what they are at when its step is', async () => {
    const { start, ended } = watched()
    const sandbox = createSandbox(systemClock, start)
    const controller = new AbortController()
    const running = failureOf(sandbox.run(job('for (;;) {}', 60_000), controller.signal))
    const reason = new Error('cancelled')
    controller.abort(reason)
    expect(await running).toBe(reason)
    await expect.poll(() => ended).toHaveLength(1)
    expect(await failureOf(sandbox.run(job('1'), controller.signal))).toBe(reason)
    await sandbox.close()
  })

  it('do one thing at a time, in order, with a few beside each other', async () => {
    const sandbox = createSandbox(systemClock)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => sandbox.run(job(`return ${n}`), signal)))
    expect(answers.map(({ result }) => 'json' in result && result.json)).toEqual(answers.map((_, n) => String(n)))
    await sandbox.close()
  })

  it('are ended when nothing was asked of them for a while', async () => {
    const { start, ended } = watched()
    const clock = manualClock(0)
    const sandbox = createSandbox(clock, start)
    await sandbox.run(job('1'), signal)
    clock.advance(29_000)
    expect(ended).toEqual([])
    clock.advance(1_000)
    await expect.poll(() => ended).toHaveLength(1)
    await sandbox.close()
  })

  it('are started by nothing but a job', () => {
    const { start, started } = watched()
    createSandbox(systemClock, start)
    expect(started).toEqual([])
  })

  it('are not believed when they say what they were not asked', async () => {
    let kills = 0
    const lying: StartIsolated = (_file, on) => ({
      post: (question) => on.message({ id: (question as SandboxQuestion).id + 1, answer: { result: { json: '1' } } }),
      kill: () => {
        kills++
      },
    })
    const sandbox = createSandbox(systemClock, lying)
    expect(await failureOf(sandbox.run(job('1'), signal))).toMatchObject({ details: { code: 'sandbox' } })
    expect(kills).toBe(1)
    await sandbox.close()
  })

  it('that cannot be started fail the step, and take nothing more when Hookline stops', async () => {
    const none: StartIsolated = (_file, on) => {
      queueMicrotask(() => on.ended('there is no memory'))
      return { post: () => undefined, kill: () => undefined }
    }
    const sandbox = createSandbox(systemClock, none)
    const error = await failureOf(sandbox.run(job('1'), signal))
    expect(error).toMatchObject({ details: { code: 'sandbox' } })
    expect(String(error)).toContain('there is no memory')
    await sandbox.close()
    expect(await failureOf(sandbox.run(job('1'), signal))).toMatchObject({ details: { code: 'sandbox' } })
  })
})

describe('a process of its own', () => {
  it('has no environment, and may read no file but the program’s own', async () => {
    const file = new URL('./test-rights.ts', import.meta.url)
    const { promise, resolve } = Promise.withResolvers<unknown>()
    process.env.HOOKLINE_TEST_SECRET = 'secret'
    const child = startChild(file.pathname, { message: resolve, ended: resolve })
    delete process.env.HOOKLINE_TEST_SECRET
    expect(await promise).toEqual({
      environment: [],
      file: 'ERR_ACCESS_DENIED',
      write: 'ERR_ACCESS_DENIED',
      program: 'ERR_ACCESS_DENIED',
    })
    child.kill()
  })

  // Only Linux tells which processes a process has.
  it.skipIf(!existsSync('/proc/self/status'))('ends with its host, whatever keeps it busy', async () => {
    const host = fork(fileURLToPath(new URL('./test-host.ts', import.meta.url)), { stdio: 'ignore', detached: true })
    const child = (): number =>
      readdirSync('/proc')
        .map(Number)
        .find((pid) => /^PPid:\s+([0-9]+)$/m.exec(inProc(pid, 'status'))?.[1] === String(host.pid)) ?? 0
    await expect.poll(child, { timeout: 20_000 }).toBeGreaterThan(1)
    const pid = child()
    // It is at work once it has used the processor for a second.
    const ticks = (): number => Number(inProc(pid, 'stat').split(') ')[1]?.split(' ')[11])
    await expect.poll(ticks, { timeout: 30_000 }).toBeGreaterThan(100)
    host.kill('SIGKILL')
    await expect.poll(() => inProc(pid, 'status'), { timeout: 20_000 }).toBe('')
  })
})

/** A file of `/proc` about a process; nothing when there is none. */
function inProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
