import { endAll, within } from './owned-processes.ts'
import { LIMITS, PEERS, SCENARIOS, SINGLES } from './plan.ts'
import type { Sample } from './results.ts'
import type { Figures, Size } from './scenario.ts'

/** Nothing that is measured takes nearly so long. */
const PATIENCE_MS = 400_000

export type Measured = {
  readonly samples: readonly Sample[]
  /** What could not be measured, and why. */
  readonly failures: readonly string[]
}

/** One measurement of a round. */
type Task = {
  readonly scenario: string
  readonly program: string
  readonly isLong: boolean
  readonly patienceMs: number
  measure(): Promise<Figures>
}

function tasks(size: Size, isWanted: (scenario: string) => boolean, peers: readonly string[]): readonly Task[] {
  const { slowPrograms } = size
  const programs = [...PEERS.filter(({ name }) => peers.includes(name)), ...LIMITS]
  return [
    ...SCENARIOS.filter(({ name }) => isWanted(name)).flatMap((scenario) =>
      programs
        .filter((program) => scenario.fits(program))
        .filter(({ share }) => share === 1 || slowPrograms === 'everywhere' || slowPrograms.includes(scenario.name))
        .map((program) => ({
          scenario: scenario.name,
          program: program.name,
          isLong: scenario.isLong === true,
          patienceMs: PATIENCE_MS,
          measure: () => scenario.measure(program, size),
        })),
    ),
    ...SINGLES.filter(({ name }) => isWanted(name)).map((single) => ({
      scenario: single.name,
      program: single.program,
      isLong: single.isLong,
      patienceMs: single.patienceMs?.(size) ?? PATIENCE_MS,
      measure: () => single.measure(size),
    })),
  ]
}

/** Measures everything that is wanted, round by round, the programs in turn. What fails is told, and the rest goes on. */
export async function measureAll(
  size: Size,
  isWanted: (scenario: string) => boolean,
  peers: readonly string[],
): Promise<Measured> {
  const samples: Sample[] = []
  const failures: string[] = []
  const startedAt = performance.now()
  const all = tasks(size, isWanted, peers)
  for (let round = 1; round <= size.rounds; round++) {
    for (const { scenario, program, isLong, patienceMs, measure } of all) {
      if (isLong && round < size.rounds) continue
      const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
      console.error(`${minutes.padStart(4)} min  round ${round} of ${size.rounds}: ${scenario}, ${program} …`)
      try {
        const figures = await within(patienceMs, `${scenario} of ${program}`, measure())
        for (const [figure, value] of Object.entries(figures)) samples.push({ round, scenario, program, figure, value })
      } catch (error) {
        const message = `round ${round}: ${scenario}, ${program}: ${error instanceof Error ? error.message : error}`
        console.error(message)
        failures.push(message)
        // What it had started must not disturb what comes next.
        await endAll()
      }
    }
  }
  return { samples, failures }
}
