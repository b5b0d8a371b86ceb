import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Task } from '../threads/serve-work.ts'
import { compileGlob } from './glob.ts'

const optionsSchema = z.object({ root: z.string(), below: z.string(), glob: z.string() })

/**
 * What is in a folder: its path below the root, written with `/`, and each file that fits with what tells one content from another and when anything about it
 * was changed last (milliseconds since 1970 UTC, by the clock of its disk).
 */
const scannedSchema = z.object({
  folder: z.string(),
  files: z.array(z.tuple([z.string(), z.string(), z.number()])).optional(),
})
export type ScannedFolder = z.output<typeof scannedSchema>

/** Reads a piece of {@link scanFolder}. */
export function readScanned(piece: string | Uint8Array): ScannedFolder {
  return scannedSchema.parse(JSON.parse(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8')))
}

/** What tells one content of a file from another: when it was changed, and its size. */
export function stampOf(stats: { readonly mtimeMs: number; readonly size: number }): string {
  return `${Math.round(stats.mtimeMs)} ${stats.size}`
}

/**
 * Looks through a folder and those in it, as far down as the glob goes. Each is named once before it is read, so that the caller can begin to
 * watch it, and once more with its files. Links are not followed. What cannot be read is left out.
 */
export const scanFolder: Task = async function* (_content, given) {
  const { root, below, glob } = optionsSchema.parse(given)
  const { fits, depth } = compileGlob(glob)
  const open = [below]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const place = join(root, folder)
    yield JSON.stringify({ folder })
    const files: [string, string, number][] = []
    const level = folder === '' ? 1 : folder.split('/').length + 1
    let entries: ReturnType<typeof entriesOf>
    try {
      entries = entriesOf(place)
    } catch (error) {
      if (folder === '') throw error
      continue
    }
    for (const entry of entries) {
      const way = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (level < depth && !entry.name.startsWith('.')) open.push(way)
        continue
      }
      if (!entry.isFile() || !fits(way)) continue
      try {
        const stats = statSync(join(place, entry.name))
        files.push([entry.name, stampOf(stats), stats.ctimeMs])
      } catch {
        // It went away a moment ago.
      }
    }
    yield JSON.stringify({ folder, files })
  }
}

const entriesOf = (place: string) => readdirSync(place, { withFileTypes: true })
