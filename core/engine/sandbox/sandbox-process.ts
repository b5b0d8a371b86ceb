// A process of its own, without environment or rights: does one job after the other, each in a fresh interpreter.
import type { SandboxQuestion, SandboxReply } from '../../domain/runs/sandbox.ts'
import { processPort } from '../../threads/process-port.ts'
import { type Prepared, prepare, prepareAgain, runJob } from './run-job.ts'

const port = processPort()
/** For the next job, which is mostly of the same kind as the last. */
let next: { readonly kind: SandboxQuestion['job']['kind']; readonly prepared: Prepared } | undefined

async function take({ id, job }: SandboxQuestion): Promise<void> {
  // Local times are those of the zap's zone, for `Date` and `Intl` alike.
  if (process.env.TZ !== job.zone) process.env.TZ = job.zone
  const prepared = next?.kind === job.kind ? next.prepared : prepare(job.kind)
  next = undefined
  const answer = await runJob(job, prepared)
  port.postMessage({ id, answer } satisfies SandboxReply)
  // The host ends a process in which a limit was met.
  if (!answer.isSpent) next = { kind: job.kind, prepared: await prepareAgain(job.kind, prepared) }
}

// The host is ours.
port.on('message', (question) => void take(question as SandboxQuestion))
