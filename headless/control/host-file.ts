import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** How to reach the host that uses a data folder: written when it is ready, removed when it stops. */
const hostFileSchema = z.object({
  pid: z.int(),
  /** Base address of the screens. */
  origin: z.string(),
  hooks: z.string(),
  /** Path of the socket, or name of the pipe, on which the command line speaks to it. */
  socket: z.string(),
  startedAt: z.string(),
})
export type HostFile = z.infer<typeof hostFileSchema>

const pathOf = (dataDir: string): string => join(dataDir, 'host.json')

/** Nothing in it is secret but on Windows, where the pipe's name is. It appears whole or not at all. */
export function writeHostFile(dataDir: string, content: HostFile): void {
  const unfinished = `${pathOf(dataDir)}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(content), { mode: 0o600 })
  renameSync(unfinished, pathOf(dataDir))
}

export function removeHostFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true })
}

/** Undefined when no host has written one. A host that was killed leaves its file behind, so its `pid` may be gone. */
export function readHostFile(dataDir: string): HostFile | undefined {
  try {
    return hostFileSchema.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8')))
  } catch {
    return undefined
  }
}
