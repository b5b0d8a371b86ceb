import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import type { Json } from '../../domain/values/json.ts'
import type { FileInfo, IfExists } from '../action-context.ts'

/** The field of a path to a file. */
export function pathField(title: string, description: string, placeholder: string, mustExist = false) {
  return z
    .string()
    .min(1, { error: 'needs the path of a file' })
    .max(4_096)
    .meta({ title, description, ui: { widget: 'file-path', placeholder, ...(mustExist ? { mustExist } : {}) } })
}

export const IN_ALLOWED =
  'Inside an allowed folder; a path that does not begin at the root begins in your Hookline files.'

/** The field of a folder. */
export const folderField = z
  .string()
  .min(1, { error: 'needs the path of a folder' })
  .max(4_096)
  .meta({ title: 'Folder', description: IN_ALLOWED, ui: { widget: 'folder-path', placeholder: 'Downloads' } })

/** Which files in a folder count. */
export function globField(initial: string, description: string) {
  return z
    .string()
    .min(1, { error: 'needs a pattern, such as *' })
    .max(300)
    .default(initial)
    .meta({
      title: 'Names',
      description: `* for any characters, {a,b} for one of several; ${description}`,
      ui: { placeholder: '**/*.{jpg,png}' },
    })
}

/** What a step with this folder, as it is written, touches of it. */
export function folderTouch(folder: Json | undefined, access: 'reads' | 'writes') {
  return fileTouch(typeof folder === 'string' && folder.trim() !== '' ? `${folder}/*` : undefined, access)
}

/** What to do where the name is taken. */
export function ifExistsField(initial: IfExists) {
  return z
    .enum(['replace', 'fail', 'number'])
    .default(initial)
    .meta({
      title: 'If it exists',
      description: 'What happens where a file of that name is there already.',
      ui: { labels: { replace: 'Replace it', fail: 'Fail', number: 'Number the new one, as in "photo (2).jpg"' } },
    })
}

/** What a file says of itself, in an output. */
export const fileInfoSchema = z.object({
  path: z.string(),
  name: z.string(),
  extension: z.string(),
  bytes: z.int(),
  modifiedAt: z.string(),
  isFolder: z.boolean(),
})

export const sampleInfo: FileInfo = {
  path: '/home/ada/Downloads/invoice-42.pdf',
  name: 'invoice-42.pdf',
  extension: 'pdf',
  bytes: 84_213,
  modifiedAt: '2026-11-24T09:30:00.000Z',
  isFolder: false,
}

/** What is copied or moved, and where to. */
export const transferInput = z.strictObject({
  from: pathField('File or folder', IN_ALLOWED, 'Downloads/invoice.pdf', true),
  to: pathField('To', 'A path with the new name, or a folder, written with a slash at its end.', 'invoices/2026/'),
  ifExists: ifExistsField('fail'),
})

export const transferOutput = z.object({ path: z.string(), from: z.string() })

export const sampleTransfer = { path: '/home/ada/invoices/2026/invoice.pdf', from: '/home/ada/Downloads/invoice.pdf' }
