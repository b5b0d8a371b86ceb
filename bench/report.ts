import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Measured } from './measure.ts'
import type { Size } from './scenario.ts'
import { budgetTable, figureTable } from './table.ts'

const folder = join(import.meta.dirname, 'results')

/** What it was measured on. */
function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `Node ${process.versions.node}, ${process.platform} ${release()}, ${availableParallelism()} × ${processor}, ${memory} GB`
}

/** Prints the tables, and writes them and every single figure to `bench/results`. */
export async function report({ samples, failures }: Measured, size: Size, minutes: number): Promise<void> {
  const rounds = `${size.rounds} ${size.rounds === 1 ? 'round' : 'rounds'}`
  const text = [
    `${machine()}; medians of ${rounds}, 1 KB JSON, programs in turn; ${minutes.toFixed(1)} minutes.`,
    budgetTable(samples),
    figureTable(samples),
    ...(failures.length === 0 ? [] : [`Not measured:\n\n${failures.map((failure) => `- ${failure}`).join('\n')}`]),
  ].join('\n\n')
  console.log(`\n${text}`)
  await keep('latest', text, { machine: machine(), at: new Date().toISOString(), minutes, size, samples, failures })
}

/** Writes a result twice: to be read, and as data. */
export async function keep(name: string, text: string, data: unknown): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.md`), `${text}\n`)
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`)
}
