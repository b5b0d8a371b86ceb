import { medianOf, medianRatio, type Sample } from './results.ts'

type Budget = {
  readonly what: string
  readonly limit: number
  readonly sense: 'at least' | 'at most'
  readonly unit: 'times' | 'MB' | 'KB' | 'events' | 'frames/s' | 'ms' | 'of them'
  /** Undefined when the run did not measure it. */
  value(samples: readonly Sample[]): number | undefined
}

export type Verdict = 'holds' | 'missed' | 'not measured'

/** Whether a value keeps within a limit; a value that equals it does. */
export function verdict(value: number | undefined, sense: Budget['sense'], limit: number): Verdict {
  if (value === undefined || Number.isNaN(value)) return 'not measured'
  return (sense === 'at least' ? value >= limit : value <= limit) ? 'holds' : 'missed'
}

const against =
  (scenario: string, figure: string, peer: string) =>
  (samples: readonly Sample[]): number | undefined =>
    medianRatio(samples, { scenario, figure, program: 'hookline' }, { scenario, figure, program: peer })

const own =
  (scenario: string, figure: string) =>
  (samples: readonly Sample[]): number | undefined =>
    medianOf(samples, { scenario, figure, program: 'hookline' })

/** A figure of the longest history as a multiple of that of the shortest. */
const grown =
  (figure: string) =>
  (samples: readonly Sample[]): number | undefined => {
    const at = (stored: string) => ({
      scenario: 'history',
      program: 'hookline',
      figure: `${stored} runs stored: ${figure}`,
    })
    return medianRatio(samples, at('1,000,000'), at('1,000'))
  }

/** A figure of the soak as a multiple of another one. */
function ratio(samples: readonly Sample[], figure: string, of: string): number | undefined {
  const at = { scenario: 'soak', program: 'hookline' }
  return medianRatio(samples, { ...at, figure }, { ...at, figure: of })
}

const budget = (
  what: string,
  sense: Budget['sense'],
  limit: number,
  unit: Budget['unit'],
  value: Budget['value'],
): Budget => ({ what, sense, limit, unit, value })

/** What Hookline sets itself; a row for each line of it, also when a run did not measure it. */
export const BUDGETS: readonly Budget[] = [
  budget(
    'durable ingest, c = 50, of bare Express 5',
    'at least',
    0.65,
    'times',
    against('ingest', 'c = 50, requests/s', 'bare express 5'),
  ),
  budget('the same with GitHub’s signature, of Express without', 'at least', 0.6, 'times', (samples) =>
    medianRatio(
      samples,
      { scenario: 'ingest', figure: 'c = 50, signed, requests/s', program: 'hookline' },
      { scenario: 'ingest', figure: 'c = 50, requests/s', program: 'bare express 5' },
    ),
  ),
  budget('complete runs, c = 50, of Node-RED', 'at least', 1, 'times', against('runs', 'runs/s', 'node-red')),
  budget('complete runs, c = 50, of n8n', 'at least', 100, 'times', against('runs', 'runs/s', 'n8n')),
  budget('complete runs a second with a code step', 'at least', 200, 'events', own('connectors', 'code runs/s')),
  budget('latency when idle, p50, of Node-RED', 'at most', 1, 'times', against('latency', 'p50 ms', 'node-red')),
  budget('start to first webhook, of Node-RED', 'at most', 1, 'times', against('start', 'ms', 'node-red')),
  budget('resident memory, idle', 'at most', 110, 'MB', own('idle', 'resident MB')),
  budget('resident memory after 100,000 runs', 'at most', 180, 'MB', own('memory', 'after 100,000 runs, MB')),
  budget('disk a run', 'at most', 4, 'KB', own('idle', 'disk KB/run')),
  budget('acknowledged events lost', 'at most', 0, 'events', own('lost', 'lost')),
  budget('first page at 1,000,000 runs, of that at 1,000', 'at most', 2, 'times', grown('first page ms')),
  budget('page of a zap’s failed runs, likewise', 'at most', 2, 'times', grown('its failed runs ms')),
  budget(
    'loop of the desktop app, 300 runs/s and the Runs page, p99',
    'at most',
    20,
    'ms',
    own('desktop', 'loop p99 ms, Runs page'),
  ),
  ...['backup', 'prune', '50 MB value', 'its check'].map((work) =>
    budget(`it is held up at once, ${work}`, 'at most', 50, 'ms', own('desktop', `loop at most ms, ${work}`)),
  ),
  budget(
    'acknowledged with that page, p99, of without',
    'at most',
    1.5,
    'times',
    own('desktop', 'acknowledged p99, Runs page of no page'),
  ),
  budget('memory after a year, of its beginning', 'at most', 1.05, 'times', own('soak', 'memory, times')),
  budget('memory in use, likewise', 'at most', 1.05, 'times', own('soak', 'memory in use, times')),
  budget('descriptors more than at its beginning', 'at most', 2, 'of them', own('soak', 'descriptors, more')),
  budget('timers more than at its beginning', 'at most', 2, 'of them', own('soak', 'timers, more')),
  budget('wake-ups a second more than at its beginning', 'at most', 1, 'of them', own('soak', 'wake-ups/s, more')),
  budget('database, of its beginning', 'at most', 1.2, 'times', own('soak', 'database, times')),
  budget('events lost in it', 'at most', 0, 'events', own('soak', 'lost')),
  budget('start with what it left, of an empty folder', 'at most', 1.2, 'times', (samples) =>
    ratio(samples, 'start of that folder ms', 'start of an empty folder ms'),
  ),
  budget('canvas of 1,000 steps opens', 'at most', 1_000, 'ms', own('canvas', 'opens ms')),
  ...['pan', 'zoom', 'drag', 'pan, all in view', 'drag, all in view'].map((gesture) =>
    budget(`its frames, ${gesture}`, 'at least', 50, 'frames/s', own('canvas', `${gesture}, frames/s`)),
  ),
  budget('key to screen in it, p95', 'at most', 50, 'ms', own('canvas', 'keystroke p95 ms')),
  budget('first screen', 'at most', 1_000, 'ms', own('screen', 'usable ms')),
  budget('JavaScript before it, gzip', 'at most', 350, 'KB', own('screen', 'first JavaScript, KB gzip')),
]
