// Started as a process of its own by a test: a host that is killed while code keeps its sandbox busy with what cannot be interrupted.
import { systemClock } from '../../domain/time/clock.ts'
import { createSandbox } from './sandbox.ts'

const source = 'Array.prototype.indexOf.call({ length: 2 ** 50 }, 1)'
const job = { kind: 'code', source, data: ['{}'], zone: 'UTC', deadlineMs: 600_000, maxDepth: 200 } as const
void createSandbox(systemClock).run(job, new AbortController().signal)
setInterval(() => undefined, 60_000)
