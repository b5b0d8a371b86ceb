import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

const program = `
  import { stopWithParent } from ${JSON.stringify(join(import.meta.dirname, '..', 'bin', 'stop-with-parent.mjs'))}
  stopWithParent()
  process.on('SIGTERM', () => { console.log('stopped'); process.exit() })
  setTimeout(() => process.exit(), 10_000)
  console.log('ready')
`

test('a program that npm started stops gracefully when the shell between them is ended', async () => {
  // The second command keeps the shell from becoming the program itself.
  const shell = spawn('sh', ['-c', '"$NODE" --input-type=module -e "$PROGRAM"; true'], {
    env: { ...process.env, NODE: process.execPath, PROGRAM: program, npm_lifecycle_event: 'hookline' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: shell.stdout })
  const said: string[] = []
  lines.on('line', (line) => said.push(line))
  await once(lines, 'line')
  shell.kill('SIGTERM')
  await once(lines, 'close')
  expect(said).toEqual(['ready', 'stopped'])
})
