import { BUDGETS, verdict } from './budgets.ts'
import { medianOf, type Sample } from './results.ts'

/** Rows as a Markdown table; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** A number with as many digits as it is worth. */
export function digits(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(2)))
}

/** Each budget with what was measured and whether it holds. */
export function budgetTable(samples: readonly Sample[]): string {
  const rows = BUDGETS.map(({ what, sense, limit, unit, value }) => {
    const measured = value(samples)
    const shown = measured === undefined ? '–' : `${digits(measured)} ${unit}`
    return [what, `${sense} ${limit} ${unit}`, shown, verdict(measured, sense, limit)]
  })
  return table([['budget', 'limit', 'measured', 'verdict'], ...rows])
}

/** A row for each figure, a column for each program; what was not measured is a dash. */
export function figureTable(samples: readonly Sample[]): string {
  const programs = [...new Set(samples.map(({ program }) => program))]
  const figures = [...new Map(samples.map((sample) => [`${sample.scenario}: ${sample.figure}`, sample])).entries()]
  const rows = figures.map(([title, { scenario, figure }]) => [
    title,
    ...programs.map((program) => {
      const value = medianOf(samples, { scenario, figure, program })
      return value === undefined ? '–' : digits(value)
    }),
  ])
  return table([['what', ...programs], ...rows])
}
