import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningHost, startHost } from '../e2e/fixtures/headless-host.ts'

/** What a host is made to take for its clock and its network. */
export type Pretence = { readonly clockAheadMs?: number; readonly offline?: boolean }

/** A data folder whose hosts live in a world that the test makes up. */
export type InjectedHosts = {
  pretend(world: Pretence): void
  /** Sets their clock to a moment, from which it goes on. */
  setClock(moment: string): void
  start(env?: Record<string, string>): Promise<RunningHost>
}

/** Hosts on `<folder>/data`; the world begins as it is. */
export function injectedHosts(folder: string): InjectedHosts {
  const file = join(folder, 'injected-faults.json')
  const pretend = (world: Pretence): void => writeFileSync(file, JSON.stringify({ clockAheadMs: 0, ...world }))
  pretend({})
  return {
    pretend,
    setClock: (moment) => pretend({ clockAheadMs: Date.parse(moment) - Date.now() }),
    start: (env = {}) => startHost({ dataDir: join(folder, 'data'), env: { HOOKLINE_PRETEND: file, ...env } }),
  }
}
