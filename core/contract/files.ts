import { z } from 'zod'

/**
 * How far one may look. `allowed`: into the folders that steps may use. `anywhere`: at the folders of the whole computer, and at no file,
 * for choosing what to allow and where backups go.
 */
export const folderReachSchema = z.enum(['allowed', 'anywhere'])
export type FolderReach = z.infer<typeof folderReachSchema>

export const folderQuerySchema = z.object({
  /** An absolute path, or one that begins in Hookline's own files (`""` is these); null for the places to begin at. */
  path: z.string().max(4_096).nullable(),
  reach: folderReachSchema,
  /** Whether files are among them, or folders alone. */
  files: z.boolean().default(true),
  /** Whether names that begin with a dot are among them. */
  hidden: z.boolean().default(false),
  /** Only names that hold this text, in any case. */
  filter: z.string().max(255).default(''),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(200),
})
export type FolderQuery = z.infer<typeof folderQuerySchema>

export const folderEntrySchema = z.object({
  name: z.string(),
  /** Absolute. */
  path: z.string(),
  /** How a field of a step names it: relative to Hookline's own files where it lies in there. */
  written: z.string(),
  /** `other` can neither be opened nor chosen: `why` says what it is. */
  kind: z.enum(['folder', 'file', 'other']),
  why: z.enum(['link-to-file', 'leads-out', 'closed', 'broken-link', 'special']).nullable(),
  isLink: z.boolean(),
  /** Of a file; null for everything else. */
  bytes: z.number().nullable(),
  /** ISO 8601 UTC; null when it cannot be told. */
  changedAt: z.string().nullable(),
})
export type FolderEntry = z.infer<typeof folderEntrySchema>

export const folderPageSchema = z.object({
  /** Null for the places to begin at, which are the entries then. */
  path: z.string().nullable(),
  /** As in the entries; the empty text for Hookline's own files. */
  written: z.string(),
  /** Between the parts of a path on the host's computer. */
  separator: z.enum(['/', '\\']),
  /** From the place that it lies in down to the folder itself. */
  trail: z.array(z.object({ name: z.string(), path: z.string() })),
  entries: z.array(folderEntrySchema),
  /** Entries that there are with this filter. */
  total: z.int(),
  /** Names that were looked at, when the folder holds more than are looked at; null else. */
  cutAt: z.int().nullable(),
})
export type FolderPage = z.infer<typeof folderPageSchema>

/** Data of the error NOT_ALLOWED. */
export const refusedFolderSchema = z.object({
  /** Absolute. */
  folder: z.string(),
  /** Why it cannot even be allowed; null when it can. */
  why: z.string().nullable(),
})
export type RefusedFolder = z.infer<typeof refusedFolderSchema>

export const allowedFolderSchema = z.object({
  path: z.string(),
  /** Hookline's own files, or who allows it: the variable `HOOKLINE_ALLOW_FOLDERS` or the settings. */
  from: z.enum(['hookline', 'environment', 'settings']),
})
export type AllowedFolderView = z.infer<typeof allowedFolderSchema>
