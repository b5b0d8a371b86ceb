import { limits } from './limits/limits.ts'
import { hookline } from './peers/hookline.ts'
import { n8n } from './peers/n8n.ts'
import { nodeRed } from './peers/node-red.ts'
import type { Program } from './program.ts'
import type { Figures, Scenario, Size } from './scenario.ts'
import { measureBareCanvas } from './scenarios/bare-canvas.ts'
import { measureCanvas } from './scenarios/canvas.ts'
import { completeRuns } from './scenarios/complete-runs.ts'
import { connectors } from './scenarios/connectors.ts'
import { measureDesktop } from './scenarios/desktop.ts'
import { fanOut } from './scenarios/fan-out.ts'
import { measureFirstScreen } from './scenarios/first-screen.ts'
import { measureFleet } from './scenarios/fleet.ts'
import { forEach } from './scenarios/for-each.ts'
import { measureHistory } from './scenarios/history.ts'
import { idleLatency } from './scenarios/idle-latency.ts'
import { ingest } from './scenarios/ingest.ts'
import { lostEvents } from './scenarios/lost-events.ts'
import { idleAndDisk, memoryAfterRuns } from './scenarios/memory-and-disk.ts'
import { measureSoak } from './scenarios/soak.ts'
import { sqliteCommits } from './scenarios/sqlite-commits.ts'
import { startUp } from './scenarios/start-up.ts'

/** A measurement that one program alone is made for; long ones as with `Scenario`. */
export type Single = {
  readonly name: string
  readonly about: string
  readonly program: string
  readonly isLong: boolean
  /** Only where `--only` names it. */
  readonly isApart?: true
  /** Milliseconds after which it is given up; as long as everything else where it is not set. */
  patienceMs?(size: Size): number
  measure(size: Size): Promise<Figures>
}

/** What is measured of every program that it fits. */
export const SCENARIOS: readonly Scenario[] = [
  ingest,
  completeRuns,
  fanOut,
  forEach,
  connectors,
  idleLatency,
  startUp,
  idleAndDisk,
  lostEvents,
  memoryAfterRuns,
]

export const SINGLES: readonly Single[] = [
  {
    name: 'sqlite',
    about: 'commits a second of better-sqlite3 alone',
    program: 'raw better-sqlite3',
    isLong: false,
    measure: ({ seconds }) => sqliteCommits(seconds),
  },
  {
    name: 'screen',
    about: 'from opening the address to the first screen, and the JavaScript before it',
    program: hookline.name,
    isLong: false,
    measure: measureFirstScreen,
  },
  {
    name: 'canvas',
    about: 'a zap of 1,000 steps: opening, panning, zooming, dragging, typing',
    program: hookline.name,
    isLong: false,
    measure: ({ seconds }) => measureCanvas(seconds),
  },
  {
    name: 'bare-canvas',
    about: 'the same zoom on a page of 1,000 cards that no framework draws',
    program: 'bare page',
    // Ten seconds that say nothing about Hookline: `--quick` can do without.
    isLong: true,
    measure: ({ seconds }) => measureBareCanvas(seconds),
  },
  {
    name: 'desktop',
    about:
      'the loop of the desktop app at 300 runs/s with the Runs page open, and while it does what takes long (1 GB of disk)',
    program: hookline.name,
    isLong: true,
    measure: measureDesktop,
  },
  {
    name: 'fleet',
    about: 'hosts joined by NATS: events/s with 1, 2 and 4 workers, what the log adds, and what an event costs',
    program: hookline.name,
    isLong: true,
    measure: measureFleet,
  },
  {
    name: 'history',
    about: 'as the history grows to a million runs (3.5 GB of disk; not with --quick)',
    program: hookline.name,
    isLong: true,
    measure: measureHistory,
  },
  {
    name: 'soak',
    about: 'a year in an hour, or as many minutes of it as --minutes says (3 with --quick); only when it is named',
    program: hookline.name,
    isLong: true,
    isApart: true,
    patienceMs: ({ soakMinutes }) => (soakMinutes * 3 + 10) * 60_000,
    measure: measureSoak,
  },
]

/** Programs that are installed from npm when they are missing; Hookline itself among them. */
export const PEERS: readonly Program[] = [hookline, nodeRed, n8n]

export const LIMITS = limits

export const WHOLE: Size = {
  rounds: 3,
  seconds: 3,
  runs: 10_000,
  warmUpRuns: 1_000,
  memoryRuns: 100_000,
  diskRuns: 3_000,
  items: 10_000,
  latencySamples: 200,
  lostEvents: 400,
  slowPrograms: 'everywhere',
  patienceMs: 20_000,
  soakMinutes: 60,
}
export const QUICK: Size = {
  rounds: 1,
  seconds: 1,
  runs: 2_000,
  warmUpRuns: 500,
  memoryRuns: 0,
  diskRuns: 1_000,
  items: 1_000,
  latencySamples: 30,
  lostEvents: 60,
  slowPrograms: [],
  patienceMs: 3_000,
  soakMinutes: 3,
}
