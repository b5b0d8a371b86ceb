import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolder, readStoredSection, type SettingsOf } from '../../core/app.ts'
import { THEMES } from '../../core/contract/values.ts'

/** Where the window was when it was last seen, in points of all displays together. */
const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  isMaximized: z.boolean().catch(false),
})
export type Place = z.infer<typeof placeSchema>

/** How the app ended last, as far as it could say: absent after it was quit in order. */
const runningSchema = z.object({ since: z.string(), why: z.string().nullable() })

const fileSchema = z.object({
  settings: z.unknown().optional(),
  place: placeSchema.nullable().catch(null),
  /** What the screens last asked for: windows are filled with it before their page is there. */
  theme: z.enum(THEMES).catch('system'),
  knowsTray: z.boolean().catch(false),
  running: runningSchema.nullable().catch(null),
})
type Content = z.infer<typeof fileSchema>

/**
 * What the app keeps beside the database, as it needs it before that is open or when it cannot be opened: its own settings, the place of
 * its window, and how it ended. A file that is damaged or of another version counts for as much as can be read of it.
 */
export type ShellFile = {
  settings(): SettingsOf<'desktop'>
  /** Keeps what is otherwise. A folder that cannot be written to is no reason to fail: it is kept until the app ends. */
  keep(change: Partial<Omit<Content, 'settings'>> & { readonly settings?: SettingsOf<'desktop'> }): void
  content(): Readonly<Omit<Content, 'settings'>>
}

export function openShellFile(dataDir: string): ShellFile {
  const path = join(dataDir, 'desktop.json')
  let content = readContent(path)
  return {
    settings: () => readStoredSection('desktop', content.settings),
    content: () => content,
    keep(change) {
      content = { ...content, ...change }
      try {
        makeFolder(dataDir)
        writeFileSync(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
        renameSync(`${path}.part`, path)
      } catch {
        // What keeps it from being written keeps the core from starting, which says so.
      }
    },
  }
}

function readContent(path: string): Content {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { settings: undefined, place: null, theme: 'system', knowsTray: false, running: null }
  }
}
