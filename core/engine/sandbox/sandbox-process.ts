// A process of its own, without environment or rights: does one job after the other, each in a fresh interpreter.
import { Worker } from 'node:worker_threads'
import type { SandboxQuestion, SandboxReply } from '../../domain/runs/sandbox.ts'
import { type Prepared, prepare, prepareAgain, runJob } from './run-job.ts'

/** How the process hears of its host: a desktop app's utility process has a port, a child process a channel. */
type Port = {
  postMessage(reply: SandboxReply): void
  on(event: 'message', listener: (event: { data: SandboxQuestion }) => void): void
}

const port: Port | undefined = Reflect.get(process, 'parentPort')
/** For the next job, which is mostly of the same kind as the last. */
let next: { readonly kind: SandboxQuestion['job']['kind']; readonly prepared: Prepared } | undefined

async function take({ id, job }: SandboxQuestion): Promise<void> {
  // Local times are those of the zap's zone, for `Date` and `Intl` alike.
  if (process.env.TZ !== job.zone) process.env.TZ = job.zone
  const prepared = next?.kind === job.kind ? next.prepared : prepare(job.kind)
  next = undefined
  const answer = await runJob(job, prepared)
  if (port === undefined) process.send?.({ id, answer } satisfies SandboxReply)
  else port.postMessage({ id, answer })
  // The host ends a process in which a limit was met.
  if (!answer.isSpent) next = { kind: job.kind, prepared: await prepareAgain(job.kind, prepared) }
}

if (port === undefined) {
  process.on('message', (question: SandboxQuestion) => void take(question))
  process.on('disconnect', () => process.exit())
  endWithParent()
} else {
  port.on('message', (event) => void take(event.data))
}

/**
 * Ends this process when its host is gone: by a thread, as code may keep the interpreter from everything else, such as inside of `indexOf`. A
 * utility process is ended by Electron itself.
 */
function endWithParent(): void {
  const watch = `
    const parent = process.ppid
    const isThere = () => { try { return process.ppid === parent && process.kill(parent, 0) } catch (error) { return error.code === 'EPERM' } }
    setInterval(() => isThere() || process.kill(process.pid, 'SIGKILL'), 1000)`
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 }
  new Worker(watch, { eval: true, env: {}, execArgv: [], resourceLimits }).unref()
}
