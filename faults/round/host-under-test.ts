import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ControlClient, connectTo } from '../../e2e/fixtures/control-client.ts'
import { type RunningHost, startHost } from '../../e2e/fixtures/headless-host.ts'
import type { RoundRecord } from './record.ts'

/** A host that is started again whenever it ends, for as long as it should be up. */
export type HostUnderTest = {
  readonly dataDir: string
  /** Resolves with the host that is up, or with the next one. */
  up(): Promise<Life>
  /** Ends the present process as a power cut would; the next one is started at once. */
  kill(): Promise<void>
  /** Ends it in order and starts the next one, which dies at that point when it comes there for the n-th time. */
  restart(failpoint?: string): Promise<void>
  /** Ends it in order, for good. */
  stop(): Promise<void>
  /** What the host takes for the time and for the network. */
  pretend(world: { clockAheadMs?: number; offline?: boolean }): void
  /** Sentences about processes that ended, or did not, in another way than they were told to. */
  readonly complaints: readonly string[]
  readonly kills: number
}

/** One process of the host. */
export type Life = {
  readonly host: RunningHost
  readonly client: ControlClient
  /** Whether it is to die at a failpoint. */
  readonly isDoomed: boolean
}

/** A process that was told to stop ends within this many milliseconds, or it is killed and complained about. */
const STOP_MS = 30_000

const hasEnded = ({ child }: RunningHost): boolean => child.exitCode !== null || child.signalCode !== null

export async function superviseHost(folder: string, record: RoundRecord): Promise<HostUnderTest> {
  const dataDir = join(folder, 'data')
  const pretendFile = join(folder, 'injected-faults.json')
  const logFile = join(folder, 'host.log')
  const complaints: string[] = []
  let isWanted = true
  let isEndExpected = false
  let nextFailpoint: string | undefined
  let kills = 0
  let life = Promise.withResolvers<Life>()
  let upWith: RunningHost | undefined

  function pretend(world: { clockAheadMs?: number; offline?: boolean }): void {
    writeFileSync(pretendFile, JSON.stringify({ clockAheadMs: 0, offline: false, ...world }))
  }

  async function begin(): Promise<void> {
    const failpoint = nextFailpoint
    nextFailpoint = undefined
    const env = { HOOKLINE_PRETEND: pretendFile, ...(failpoint === undefined ? {} : { HOOKLINE_FAILPOINT: failpoint }) }
    isEndExpected = failpoint !== undefined
    record.log(`host: starts${failpoint === undefined ? '' : `, to die at ${failpoint}`}`)
    const host = await startHost({ dataDir, env }).catch((error: unknown) => {
      if (failpoint === undefined) throw error
      // It came to its failpoint before it was ready.
      appendFileSync(logFile, `${String(error)}\n`)
      kills++
      return undefined
    })
    if (host === undefined) return begin()
    host.child.stdout?.on('data', (chunk: Buffer) => appendFileSync(logFile, chunk))
    watch(host, failpoint)
    try {
      const { client, close } = await connectTo(dataDir)
      host.child.once('close', close)
      const { safeMode, paused } = await client.system.status()
      if (safeMode !== null) record.count('safe modes')
      // Who paused it may have been cut off before the pause was over.
      if (paused) await client.system.setPaused({ paused: false })
      if (hasEnded(host)) return
      upWith = host
      life.resolve({ host, client, isDoomed: failpoint !== undefined })
    } catch (error) {
      // It died meanwhile, which is seen where its end is watched; or it does not answer, which is wrong.
      if (failpoint === undefined && !hasEnded(host)) {
        complaints.push(`the host was ready and did not answer: ${String(error)}`)
        host.child.kill('SIGKILL')
      }
    }
  }

  function watch(host: RunningHost, failpoint: string | undefined): void {
    const killWithUs = (): boolean => host.child.kill('SIGKILL')
    process.once('exit', killWithUs)
    host.child.once('close', (code, signal) => {
      process.off('exit', killWithUs)
      appendFileSync(logFile, host.log())
      record.log(`host: ended with ${signal ?? code}`)
      if (signal === 'SIGKILL') kills++
      const isAsked = isEndExpected && (signal === 'SIGKILL' || code === 0)
      if (!isAsked) complaints.push(`the host ended by itself with ${signal ?? code}:\n${host.log().slice(-2_000)}`)
      if (failpoint !== undefined && signal === 'SIGKILL') record.count(`kills at ${failpoint.replace(/:.*/, '')}`)
      if (upWith === host) beDown()
      if (isWanted) again()
    })
  }

  /** From now on everybody waits for the next process; who waits for one that died before it was up does so already. */
  function beDown(): void {
    upWith = undefined
    life = Promise.withResolvers()
    life.promise.catch(() => undefined)
  }

  function again(): void {
    begin().catch((error: unknown) => {
      complaints.push(`the host did not start: ${String(error)}`)
      life.reject(error)
    })
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { host } = await life.promise
    if (hasEnded(host)) return
    isEndExpected = true
    // What is under way meets its end; what comes later waits.
    if (upWith === host) beDown()
    host.child.kill(signal)
    const impatience = setTimeout(() => {
      complaints.push(`the host did not stop within ${STOP_MS} ms:\n${host.log().slice(-2_000)}`)
      host.child.kill('SIGKILL')
    }, STOP_MS)
    await host.ended
    clearTimeout(impatience)
  }

  pretend({})
  life.promise.catch(() => undefined)
  again()
  await life.promise
  return {
    dataDir,
    up: () => life.promise,
    kill: () => end('SIGKILL'),
    async restart(failpoint) {
      nextFailpoint = failpoint
      await end('SIGTERM')
    },
    async stop() {
      isWanted = false
      await end('SIGTERM')
    },
    pretend,
    complaints,
    get kills() {
      return kills
    },
  }
}
