import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the packages have the files that an interpreter is made of, and those that it reads before a person's code. */
const IN_PACKAGES = {
  'quickjs.wasm': () => import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'),
  'jsonata.js': () => import.meta.resolve('jsonata/jsonata.min.js'),
  'luxon.js': () => new URL('../global/luxon.min.js', import.meta.resolve('luxon')),
}

/** The name of a file that an interpreter reads. */
export type InterpreterFile = keyof typeof IN_PACKAGES

/** The folder, beside the program, into which the build copies these files: what is packed has no packages. */
const FOLDER = 'interpreter'

/** Reads one of the files that an interpreter needs. */
export function readInterpreterFile(name: InterpreterFile): Buffer {
  const isBuilt = !import.meta.url.endsWith('.ts')
  return readFileSync(isBuilt ? join(import.meta.dirname, FOLDER, name) : new URL(IN_PACKAGES[name]()))
}

/** All of these files, each with its path from the program. Throws in what is built. */
export function interpreterFiles(): { readonly path: string; readonly content: Buffer }[] {
  return Object.entries(IN_PACKAGES).map(([name, find]) => ({
    path: `${FOLDER}/${name}`,
    content: readFileSync(new URL(find())),
  }))
}
