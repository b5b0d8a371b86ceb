// A thread of its own: reads and writes tables, documents and markup, which would hold up everything else in the main one.
import { heavyTasks } from '../connectors/heavy-tasks.ts'
import { serveWork } from '../threads/serve-work.ts'

serveWork(heavyTasks)
