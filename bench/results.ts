import { median } from './quantile.ts'

/** One figure of one measurement. */
export type Sample = {
  readonly round: number
  readonly scenario: string
  readonly program: string
  readonly figure: string
  readonly value: number
}

type Which = { readonly scenario: string; readonly program: string; readonly figure: string }

const isOf = (sample: Sample, which: Which): boolean =>
  sample.scenario === which.scenario && sample.program === which.program && sample.figure === which.figure

/** The median over the rounds; undefined when it was not measured. */
export function medianOf(samples: readonly Sample[], which: Which): number | undefined {
  const values = samples.filter((sample) => isOf(sample, which)).map(({ value }) => value)
  return values.length === 0 ? undefined : median(values)
}

/** The median of the ratios within each round, as the machine may be busier in one round than in another. */
export function medianRatio(samples: readonly Sample[], which: Which, to: Which): number | undefined {
  const ratios = samples
    .filter((sample) => isOf(sample, which))
    .flatMap(({ round, value }) =>
      samples.filter((other) => other.round === round && isOf(other, to)).map((other) => value / other.value),
    )
  return ratios.length === 0 ? undefined : median(ratios)
}
