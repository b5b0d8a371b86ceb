// A thread beside the tests of a process: when the process has stood still for two minutes it says where, and ends it. No time limit of a test
// can end an endless loop, or a wait for a program that never ends, and the whole run would wait for it.
import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import { parentPort } from 'node:worker_threads'
import { z } from 'zod'

/** Longer than anything that a test lets its process wait for. */
const LIMIT_MS = 120_000
/** How long the process may take to say where it is. It does not while it waits for the system. */
const ANSWER_MS = 5_000

const parsed = z.object({ scriptId: z.string(), url: z.string() })
const paused = z.object({
  callFrames: z.array(
    z.object({ functionName: z.string(), location: z.object({ scriptId: z.string(), lineNumber: z.int() }) }),
  ),
})

let file = ''
let lastBeat = performance.now()
let lastLook = lastBeat

function end(where: string): void {
  writeSync(2, `\nThe process of ${file} stood still for ${LIMIT_MS / 1_000} s and is ended. It was ${where}.\n`)
  process.kill(process.pid, 'SIGKILL')
}

function endWithReason(): void {
  setTimeout(() => end('waiting for the system, so for a program or a file'), ANSWER_MS)
  const session = new Session()
  session.connectToMainThread()
  const files = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => {
    const { scriptId, url } = parsed.parse(params)
    files.set(scriptId, url)
  })
  session.on('Debugger.paused', ({ params }) => {
    const frames = paused.parse(params).callFrames.slice(0, 20)
    const lines = frames.map(
      ({ functionName, location }) =>
        `\n  ${functionName} (${files.get(location.scriptId)}:${location.lineNumber + 1})`,
    )
    end(`in${lines.join('')}`)
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

parentPort?.on('message', (message: unknown) => {
  lastBeat = performance.now()
  if (typeof message === 'string') file = message
})
const looking = setInterval(() => {
  const now = performance.now()
  // A computer that slept, or stopped both of its threads, has told nothing.
  if (now - lastLook > 10_000) lastBeat = now
  lastLook = now
  if (now - lastBeat < LIMIT_MS) return
  clearInterval(looking)
  endWithReason()
}, 1_000)
