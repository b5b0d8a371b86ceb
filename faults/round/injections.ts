import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { FAILPOINTS } from '../../core/domain/runs/failpoint.ts'
import { type FaultTarget, TARGET_MODES } from '../fault-target.ts'
import type { Random } from '../random.ts'
import type { HostUnderTest } from './host-under-test.ts'

/** What faults are injected into. */
export type Victims = { readonly host: HostUnderTest; readonly target: FaultTarget }

/** Something that goes wrong around Hookline, or with it. */
export type Injection = {
  readonly name: string
  readonly weight: number
  /** Chooses how bad it gets; what it gives does it, and resolves when it is over. */
  plan(random: Random): { readonly details: string; inject(victims: Victims): Promise<unknown> }
}

/** A failpoint that is not come to within so many milliseconds is not waited for. */
const DOOM_MS = 4_000

/** Seconds within which the watchdog has noticed a standstill. */
const STANDSTILL_S = 14

/** What happens to the process of the host. */
export const PROCESS_FAULTS: readonly Injection[] = [
  {
    name: 'kill',
    weight: 5,
    plan: () => ({ details: '', inject: ({ host }) => host.kill() }),
  },
  {
    name: 'three kills in a row',
    weight: 1,
    plan: () => ({
      details: '',
      async inject({ host }) {
        for (let kill = 0; kill < 3; kill++) await host.kill()
      },
    }),
  },
  {
    name: 'kill at a failpoint',
    weight: 5,
    plan(random) {
      const failpoint = `${random.pick(FAILPOINTS)}:${random.between(1, 30)}`
      return {
        details: failpoint,
        async inject({ host }) {
          await host.restart(failpoint)
          const life = await host.up()
          // It may have died and been started again already.
          if (!life.isDoomed) return
          const isOver = await Promise.race([life.host.ended.then(() => true), pause(DOOM_MS, false, { ref: false })])
          if (!isOver) await host.kill()
        },
      }
    },
  },
  {
    name: 'standstill',
    weight: 0.4,
    plan(random) {
      const failpoint = `during-step:${random.between(1, 5)}:hang`
      return {
        details: failpoint,
        async inject({ host }) {
          await host.restart(failpoint)
          const noticed = join(host.dataDir, 'standstill.json')
          // It may not come there at all; a person would not wait for longer either.
          for (let second = 0; second < STANDSTILL_S && !existsSync(noticed); second++) await pause(1_000)
          await host.kill()
        },
      }
    },
  },
  {
    name: 'stop and start',
    weight: 1.5,
    plan: () => ({ details: '', inject: ({ host }) => host.restart() }),
  },
  {
    name: 'sleep',
    weight: 2,
    plan(random) {
      const ms = random.between(300, 2_500)
      return {
        details: `for ${ms} ms`,
        async inject({ host }) {
          const { child } = (await host.up()).host
          child.kill('SIGSTOP')
          await pause(ms)
          child.kill('SIGCONT')
        },
      }
    },
  },
]

/** What happens around it, also while it is down. */
export const WORLD_FAULTS: readonly Injection[] = [
  {
    name: 'bad target',
    weight: 7,
    plan(random) {
      const mode = random.pick(TARGET_MODES)
      const ms = random.between(300, 2_500)
      return {
        details: `${mode} for ${ms} ms`,
        async inject({ target }) {
          target.behave(mode)
          await pause(ms)
          target.behave('good')
        },
      }
    },
  },
  {
    name: 'no network',
    weight: 2,
    plan(random) {
      const ms = random.between(200, 2_000)
      return {
        details: `for ${ms} ms`,
        async inject({ host }) {
          host.pretend({ offline: true })
          await pause(ms)
          host.pretend({})
        },
      }
    },
  },
  {
    name: 'clock set',
    weight: 2,
    plan(random) {
      const minutes = random.pick([-1, 1]) * random.between(1, 1_440)
      const ms = random.between(200, 2_500)
      return {
        details: `by ${minutes} minutes for ${ms} ms`,
        async inject({ host }) {
          host.pretend({ clockAheadMs: minutes * 60_000 })
          await pause(ms)
          host.pretend({})
        },
      }
    },
  },
  {
    name: 'locked database',
    weight: 1,
    plan(random) {
      const ms = random.between(200, 3_000)
      return {
        details: `for ${ms} ms`,
        async inject({ host }) {
          const other = new Sqlite(`${host.dataDir}/hookline.db`, { timeout: 1_000 })
          try {
            other.exec('BEGIN IMMEDIATE')
            await pause(ms)
            other.exec('ROLLBACK')
          } finally {
            other.close()
          }
        },
      }
    },
  },
]
