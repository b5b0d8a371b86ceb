// A thread of its own: looks through folders, of which one on a network drive may keep it waiting for minutes.
import { serveWork } from '../threads/serve-work.ts'

serveWork({ 'folder.scan': async () => (await import('./scan-folder.ts')).scanFolder })
