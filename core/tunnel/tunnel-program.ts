import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type OpenTunnel, TunnelError, type TunnelSite } from './open-tunnel.ts'

/** Milliseconds that a program may take until its tunnel is open. */
const OPENING_MS = 30_000
/** Milliseconds that it may take to end when it is asked to. */
const ENDING_MS = 3_000
/** Lines of what it said last that an error quotes. */
const QUOTED_LINES = 3

export type TunnelProgram = {
  readonly command: string
  readonly args: readonly string[]
  /** How to install it, a sentence. */
  readonly install: string
  readonly addressHeader: string | null
  /** Whether the address that it opens is a new name. */
  readonly isFresh: boolean
  /** The tunnel's address, once a line of the output tells that it is open. */
  readUrl(line: string): string | undefined
  /** What a line of the output means for a person, when it says why the tunnel cannot be opened. */
  explain(line: string): string | undefined
  /** Whether a line is chatter that no error should quote. */
  isChatter?(line: string): boolean
}

/** Opens a tunnel by a program that stays while it is open. */
export async function openByProgram(program: TunnelProgram, site: TunnelSite): Promise<OpenTunnel> {
  endLeftover(site.pidFile)
  const child = spawn(program.command, program.args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  const ended = endOf(child)
  const said: string[] = []
  let explained: string | undefined
  const url = new Promise<string>((resolve) => {
    const hear = (line: string): void => {
      const found = program.readUrl(line)
      if (found !== undefined) resolve(found)
      explained ??= program.explain(line)
      if (line.trim() === '' || program.isChatter?.(line)) return
      said.push(line.trim())
      if (said.length > QUOTED_LINES) said.shift()
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear)
  })
  if (child.pid !== undefined) writeFileSync(site.pidFile, JSON.stringify({ pid: child.pid, mark: markOf(child.pid) }))

  const close = async (): Promise<void> => {
    await end(child, ended)
    rmSync(site.pidFile, { force: true })
  }
  const why = (): string => explained ?? `${program.command} ended: ${said.join(' ') || 'it said nothing'}`
  const gaveUp = aborted(site.signal, OPENING_MS)
  const outcome = await Promise.race([url, ended, gaveUp.promise])
  gaveUp.cancel()
  if (typeof outcome === 'string') {
    const { addressHeader, isFresh } = program
    return { url: outcome, isFresh, onlyPath: null, addressHeader, closed: ended.then(why), close }
  }
  await close()
  if (outcome === undefined) {
    throw new TunnelError(
      `${program.command} did not open the tunnel within ${OPENING_MS / 1_000} seconds: ${said.join(' ')}`,
    )
  }
  const isMissing = outcome.error !== null && 'code' in outcome.error && outcome.error.code === 'ENOENT'
  if (isMissing) throw new TunnelError(`"${program.command}" is not installed. ${program.install}`, { isLasting: true })
  if (outcome.error !== null) throw new TunnelError(`${program.command} could not be started: ${outcome.error.message}`)
  throw new TunnelError(why())
}

type Ended = { readonly error: Error | null }

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('close', () => resolve({ error: null }))
  })
}

async function end(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), ENDING_MS)
  await ended
  clearTimeout(impatience)
}

function aborted(signal: AbortSignal, ms: number): { promise: Promise<undefined>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const giveUp = (): void => resolve(undefined)
  const timer = setTimeout(giveUp, ms)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  return {
    promise,
    cancel() {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    },
  }
}

const leftoverSchema = z.object({ pid: z.int().positive(), mark: z.string().min(1) })

/** When a process was started, which no other with its number was; empty where the system does not tell. */
function markOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // Its name, in brackets, may hold anything. Behind it, as the twentieth: ticks since the computer was started (man 5 proc).
      const ticks = readFileSync(`/proc/${pid}/stat`, 'latin1').split(')').at(-1)?.trim().split(' ')[19]
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`
    }
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    // Windows has no such command.
    return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8', timeout: 5_000, env }).trim()
  } catch {
    return ''
  }
}

/**
 * Ends the program that an earlier process of ours started and could not end, as it was killed: it would hold the address. A process that
 * has its number by now, also of the same program, is left alone; so is any where the system does not tell.
 */
export function endLeftover(pidFile: string): void {
  try {
    const { pid, mark } = leftoverSchema.parse(JSON.parse(readFileSync(pidFile, 'utf8')))
    if (markOf(pid) === mark) process.kill(pid, 'SIGTERM')
  } catch {
    // Nothing was left, or it has ended.
  }
  rmSync(pidFile, { force: true })
}
