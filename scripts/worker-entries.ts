import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Every file that is built as a program of its own and started by another, by its name: those of core that end with `-worker.ts` or `-process.ts`. Throws where there are none, as of another folder. */
export function workerEntries(root: string): Record<string, string> {
  const files = globSync('core/**/*-{worker,process}.ts', { cwd: root }).toSorted()
  const entries = Object.fromEntries(files.map((file) => [basename(file, '.ts'), join(root, file)]))
  if (files.length === 0) throw new Error(`there are no workers in ${root}`)
  if (Object.keys(entries).length < files.length) throw new Error('two workers have the same name')
  return entries
}
