import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProgramCall, ProgramEnd } from '../connectors/action-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FolderRules } from '../files/allowed-folders.ts'
import { existingPlace } from '../files/places.ts'
import { endMarked, endProcesses } from './end-processes.ts'

/** Runs programs for steps. No shell is between them and their arguments, unless a line for one was given. */
export type Programs = {
  /**
   * Runs a program to its end. When `signal` aborts it is ended with everything that it started, and the signal's reason is thrown; so it is when it
   * writes more than `maxBytes`, with a StepError `too-large`. A StepError `program` says why it could not be started.
   */
  run(call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd>
  /**
   * Ends what was under way when an earlier process of this data folder was ended by force, with everything that it started; returns how many
   * processes that were. Must be awaited before steps are repeated. Only Linux shows these programs: elsewhere they go on.
   */
  endLeftovers(): Promise<number>
  /** Ends every program that is under way. */
  close(): Promise<void>
}

/**
 * What programs get of this process's environment: what nearly every program needs. The rest may be for Hookline alone; a person hands on what
 * else a program is to know.
 */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|XDG_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|USERPROFILE|USERNAME|USERDOMAIN|HOMEDRIVE|HOMEPATH|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE)$/i

/** A mark in the environment of a program, by which those that it starts are found too. */
const MARK = 'HOOKLINE_PROGRAM'

/** Milliseconds for which output is waited for when the program has ended, but something that it started holds its output open. */
const DRAIN_MS = 500

const isWindows = process.platform === 'win32'

/** Runs programs; `records` is the folder that keeps a file for each that is under way. */
export function createPrograms(folders: FolderRules, clock: Clock, records: string): Programs {
  const running = new Set<Promise<unknown>>()
  const closing = new AbortController()

  async function start(call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd> {
    const folder = await usableFolder(folders, call.folder)
    signal.throwIfAborted()
    const id = randomUUID()
    const record = join(records, id)
    // A program runs all the same where its record has no room: only a death by force would miss it.
    await writeRecord(record).catch(() => undefined)
    try {
      return await runProgram(call, folder, signal, clock, `${MARK}=${id}`)
    } finally {
      await rm(record, { force: true }).catch(() => undefined)
    }
  }

  return {
    async run(call, signal) {
      const work = start(call, AbortSignal.any([signal, closing.signal]))
      running.add(work)
      try {
        return await work
      } finally {
        running.delete(work)
      }
    },
    async endLeftovers() {
      const ids = await readdir(records).catch(() => [])
      const count = await endMarked(new Set(ids.map((id) => `${MARK}=${id}`)))
      await rm(records, { recursive: true, force: true }).catch(() => undefined)
      return count
    },
    async close() {
      closing.abort(new Error('Hookline is stopping'))
      await Promise.allSettled(running)
    },
  }
}

async function writeRecord(file: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  await writeFile(file, '', { mode: 0o600 })
}

async function runProgram(
  call: ProgramCall,
  cwd: string,
  signal: AbortSignal,
  clock: Clock,
  mark: string,
): Promise<ProgramEnd> {
  const startedAt = clock.now()
  const child = spawnProgram(call, cwd, mark)
  /** Why it is ended before its time. */
  let cut: { readonly reason: unknown } | undefined
  let ending: Promise<void> | undefined
  const end = (reason: unknown): void => {
    cut ??= { reason }
    ending ??= endProcesses(child.pid, mark)
  }
  const abort = (): void => end(signal.reason)
  const stdout = gather(child.stdout, call.maxBytes, () => end(tooMuch(call)))
  const stderr = gather(child.stderr, call.maxBytes, () => end(tooMuch(call)))
  // It need not read what it is given.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(call.stdin ?? undefined)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const { exitCode, killedBy } = await ended(child, call, clock)
    const ms = clock.now() - startedAt
    await ending
    if (cut !== undefined) throw cut.reason
    return { exitCode, signal: killedBy, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), ms }
  } finally {
    signal.removeEventListener('abort', abort)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function spawnProgram(call: ProgramCall, cwd: string, mark: string): ChildProcess {
  const [program, ...args] = wordsOf(call)
  const own = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))
  const [name = '', value = ''] = mark.split('=')
  const options = {
    cwd,
    env: { ...Object.fromEntries(own), ...call.env, [name]: value },
    // A group of its own, that is ended as one.
    detached: !isWindows,
    windowsHide: true,
    windowsVerbatimArguments: isWindows && 'line' in call,
  }
  try {
    return spawn(program, args, options)
  } catch (error) {
    throw unstartable(call, error)
  }
}

function wordsOf(call: ProgramCall): readonly [string, ...string[]] {
  if ('program' in call) return [call.program, ...call.args]
  // As Node's own `exec` does it.
  if (isWindows) return [process.env.ComSpec ?? 'cmd.exe', '/d', '/s', '/c', `"${call.line}"`]
  return ['/bin/sh', '-c', call.line]
}

/** Resolves when a program has ended and its output is read. */
function ended(
  child: ChildProcess,
  call: ProgramCall,
  clock: Clock,
): Promise<{ exitCode: number | null; killedBy: string | null }> {
  return new Promise((done, failed) => {
    let cancelDrain = (): void => undefined
    child.on('error', (error) => failed(unstartable(call, error)))
    child.on('exit', (exitCode, killedBy) => {
      cancelDrain = clock.after(DRAIN_MS, () => done({ exitCode, killedBy }))
    })
    child.on('close', (exitCode, killedBy) => {
      cancelDrain()
      done({ exitCode, killedBy })
    })
  })
}

function gather(stream: ChildProcess['stdout'], maxBytes: number, onTooMuch: () => void): readonly Buffer[] {
  const chunks: Buffer[] = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    else onTooMuch()
  })
  return chunks
}

/** The folder that a program starts in: inside the allowed ones, links followed. The first of them when none is named. */
async function usableFolder(rules: FolderRules, given: string | null): Promise<string> {
  const [first] = rules.all()
  // Hookline's own need not be there yet.
  await mkdir(first, { recursive: true, mode: 0o700 })
  const folder = await existingPlace(rules, given ?? first)
  if ((await stat(folder)).isDirectory()) return folder
  const message = `"${given}", in which the program was to begin, is no folder: name the folder around it.`
  throw new StepError({ code: 'no-folder', message, retryable: false })
}

const nameOf = (call: ProgramCall): string => ('program' in call ? call.program : 'the shell')

function tooMuch(call: ProgramCall): StepError {
  const message = `The program "${nameOf(call)}" wrote more than ${call.maxBytes / 1_048_576} MB, and was ended: let it write less, or into a file.`
  return new StepError({ code: 'too-large', message, retryable: false })
}

function unstartable(call: ProgramCall, cause: unknown): StepError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const name = nameOf(call)
  const isLine = 'program' in call && call.args.length === 0 && /\S\s+\S/.test(name)
  const messages: Readonly<Record<string, string>> = {
    ENOENT: isLine
      ? `There is no program "${name}" on this computer: write what follows its name as arguments, or all of it as a line for the shell.`
      : `There is no program "${name}" on this computer: install it, or give its full path.`,
    EACCES: `The file "${name}" may not be run: make it executable, or name the program that runs it.`,
    E2BIG: `The arguments of "${name}" are longer than this computer takes: hand them over as standard input, or in a file.`,
    EINVAL: `Windows does not start "${name}" by itself: write it as a line for the shell.`,
  }
  const isLack = code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE'
  return new StepError(
    {
      code: 'program',
      message: messages[code] ?? `The program "${name}" could not be started: ${code}.`,
      retryable: isLack,
    },
    { cause },
  )
}
