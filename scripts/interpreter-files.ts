import { interpreterFiles as files } from '../core/engine/sandbox/interpreter-files.ts'

type Emitter = { emitFile(file: { type: 'asset'; fileName: string; source: Buffer }): string }

/** Copies what the interpreter of code steps reads beside the program, which has no packages to look into where it is packed. */
export function interpreterFiles() {
  return {
    name: 'hookline:interpreter-files',
    generateBundle(this: Emitter): void {
      for (const { path, content } of files()) this.emitFile({ type: 'asset', fileName: path, source: content })
    },
  }
}
