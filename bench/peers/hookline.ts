import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../../e2e/fixtures/headless-host.ts'
import { relayZap, writeZap } from '../../e2e/fixtures/zap-files.ts'
import { end, firstLine, spawnOwned } from '../owned-processes.ts'
import { answers, type Program } from '../program.ts'

const cli = join(import.meta.dirname, '..', '..', 'out', 'headless', 'cli.js')
const readySchema = z.object({ hooks: z.string(), pid: z.int() })

/** The built headless host of this working copy. */
export const hookline: Program = {
  name: 'hookline',
  kind: 'product',
  installed: () => existsSync(cli),
  async install() {
    throw new Error('Hookline is not built: run `npm run build`')
  },
  async start({ targetUrl, folder, queued, env }) {
    const args = ['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', folder]
    const child = spawnOwned([cli, ...args], env)
    const ready = await firstLine(child, readySchema)
    const hook = `${ready.hooks}/hooks/bench`
    if (!existsSync(join(folder, 'bench.zap.json'))) {
      const zap = z.record(z.string(), z.unknown()).parse(relayZap('bench', targetUrl))
      const file = await writeZap(folder, 'bench', queued ? { ...zap, settings: { concurrency: 'queued' } } : zap)
      const { code, stderr } = await runCli(['zap', 'import', file, '--enable', '--json', '--data', folder])
      if (code !== 0) throw new Error(`the zap was not imported: ${stderr}`)
    }
    await answers(hook)
    return { hook, pid: ready.pid, stop: (signal) => end(child, signal) }
  },
}
