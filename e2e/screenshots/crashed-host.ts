import { z } from 'zod'
import { startTarget } from '../fixtures/counting-target.ts'
import { type RunningHost, runCli, startHost } from '../fixtures/headless-host.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

/** A host that runs had ended three times, and that has set them aside and come up paused. */
export async function startCrashedHost(dataDir: string, folder: string): Promise<RunningHost> {
  const target = await startTarget()
  target.neverAnswer()
  const setup = await startHost({ dataDir })
  await setup.ask(z.unknown(), 'zap', 'import', await writeZap(folder, 'relay', relayZap('in', target.url)), '--enable')
  const headers = { 'content-type': 'application/json' }
  for (let n = 0; n < 3; n++) {
    await fetch(`${setup.hooks}/hooks/in`, { method: 'POST', headers, body: JSON.stringify({ n }) })
  }
  await target.until((requests) => requests.length >= 3)
  await setup.kill()
  await target.close()
  for (;;) {
    const host = await startHost({ dataDir, env: { HOOKLINE_FAILPOINT: 'after-lease' } }).catch(() => undefined)
    if (host !== undefined && (await runCli(['status', '--json', '--data', dataDir])).code === 0) return host
  }
}
