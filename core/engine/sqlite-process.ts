// A process of its own that reads and changes SQLite files: what SQLite is at can be ended only with its process.
import { heavyTasks } from '../connectors/heavy-tasks.ts'
import { processPort } from '../threads/process-port.ts'
import { serveWork } from '../threads/serve-work.ts'

serveWork({ 'sql.sqlite': heavyTasks['sql.sqlite'] }, processPort())
