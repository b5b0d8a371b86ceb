// Started as a process of its own by a test: says what it may do.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processPort } from '../../threads/process-port.ts'

function tried(work: () => unknown): string {
  try {
    work()
    return 'done'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

processPort().postMessage({
  environment: Object.keys(process.env),
  file: tried(() => readFileSync('/etc/hostname')),
  write: tried(() => writeFileSync(join(tmpdir(), 'hookline-rights'), '')),
  program: tried(() => execFileSync('true')),
})
