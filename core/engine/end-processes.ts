import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds in which a program may end by itself when it is told to, looked at every so often. */
const GRACE_MS = 2_000
const LOOK_MS = 50

/**
 * Ends a process, the group that it leads, and everything that was started with the same mark (`NAME=value`) in its environment, as far as the system
 * lets that be seen: first it asks, then it does not.
 */
export async function endProcesses(pid: number | undefined, mark: string): Promise<void> {
  if (pid === undefined) return
  if (process.platform === 'win32') return endTree(pid)
  await end(-pid, new Set([mark]))
}

/** Ends everything that was started with one of the marks; returns how many processes that were. Only Linux shows them: elsewhere it ends none. */
export async function endMarked(marks: ReadonlySet<string>): Promise<number> {
  return marks.size === 0 ? 0 : end(null, marks)
}

async function end(group: number | null, marks: ReadonlySet<string>): Promise<number> {
  const toGroup = (signal: NodeJS.Signals | 0): boolean => group !== null && signalTo(group, signal)
  // Those that made a group of their own are found before their parents are gone, and again afterwards.
  const found = await marked(marks)
  for (const one of found) signalTo(one, 'SIGTERM')
  toGroup('SIGTERM')
  for (let waited = 0; waited < GRACE_MS; waited += LOOK_MS) {
    if (!toGroup(0) && (await marked(marks)).length === 0) return found.length
    await wait(LOOK_MS)
  }
  toGroup('SIGKILL')
  for (const one of await marked(marks)) signalTo(one, 'SIGKILL')
  return found.length
}

/** Sends a signal to a process, or to a group by its negative number. False when there is none. */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

/** The processes that have one of the marks in their environment. Only Linux tells. */
async function marked(marks: ReadonlySet<string>): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [])
  // A program may have started this very Hookline.
  const pids = names.filter((name) => /^[0-9]{1,10}$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
      return environment.split('\0').some((variable) => marks.has(variable)) ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

function endTree(pid: number): Promise<void> {
  return new Promise((done) => {
    execFile('taskkill', ['/pid', String(pid), '/t', '/f'], () => done())
  })
}
