import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { temporaryFolder } from '../e2e/fixtures/headless-host.ts'

/** What runs, each with the promise of its end: many may wait for one end. */
const children = new Map<ChildProcess, Promise<unknown>>()
const folders = new Set<string>()

/** Starts a Node program that is killed at the latest when the benchmark ends, however it ends. */
export function spawnOwned(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return own(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } }))
}

/** Sees to it that a process does not outlive the benchmark. */
export function own<T extends ChildProcess>(child: T): T {
  const closed = Promise.withResolvers<void>()
  children.set(child, closed.promise)
  child.once('close', () => {
    children.delete(child)
    closed.resolve()
  })
  return child
}

/** Sends a signal and resolves when the process is gone; after ten seconds it is killed. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = children.get(child)
  if (closed === undefined) return
  const last = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.kill(signal)
  await closed
  clearTimeout(last)
}

/** The first line that the program prints, as JSON of the given shape. */
export async function firstLine<T>(child: ChildProcess, schema: z.ZodType<T>): Promise<T> {
  const { stdout } = child
  if (stdout === null) throw new Error('the program was started without a pipe for what it prints')
  const line = once(createInterface({ input: stdout }), 'line').then(([text]) => String(text))
  const ended = once(child, 'close').then(() => {
    throw new Error('the program ended before it was ready')
  })
  return schema.parse(JSON.parse(await within(60_000, 'the program to be ready', Promise.race([line, ended]))))
}

/** A folder that is gone when the benchmark ends, however it ends. */
export async function ownFolder(): Promise<string> {
  const { path } = await temporaryFolder()
  folders.add(path)
  return path
}

/** Calls `use` with a folder that is gone afterwards, also when the benchmark is interrupted. */
export async function withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = await ownFolder()
  try {
    return await use(path)
  } finally {
    await remove(path)
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  folders.delete(folder)
}

/** Kills what still runs and removes what it left. */
export async function endAll(): Promise<void> {
  await Promise.all([...children.keys()].map((child) => end(child, 'SIGKILL')))
  await Promise.all([...folders].map(remove))
}

/** Throws when `promise` takes longer than `ms` milliseconds. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`waited ${ms} ms for ${what}`)), ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Resident memory of a process in megabytes; `ps` says kilobytes on Linux and macOS. */
export function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024
}
