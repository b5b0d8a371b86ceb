import { createHash } from 'node:crypto'
import { isJsonList, type Json, jsonSchema, textOf } from '../../domain/values/json.ts'

/** A file that goes along with a mail. */
export type MailFile = { readonly filename: string; readonly contentType: string; readonly content: Buffer }

/** The `Message-ID` of a mail: the same at every attempt of a step, so that a repeat can be told. */
export function messageIdOf(idempotencyKey: string): string {
  return `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}@hookline.local>`
}

/** The files of a mail, as a field was given them: one, or a list. `read` is that of the step. */
export async function mailFiles(
  given: Json | undefined,
  read: (given: Json, field: string) => Promise<{ filename: string; contentType: string; content: Uint8Array }>,
): Promise<MailFile[]> {
  const files: MailFile[] = []
  for (const [at, one] of (given === undefined || given === '' ? [] : isJsonList(given) ? given : [given]).entries()) {
    const { filename, contentType, content } = await read(jsonSchema.parse(one), `attachments.${at}`)
    files.push({ filename, contentType, content: Buffer.from(content) })
  }
  return files
}

/** The fields of a mail that were filled in, as texts. */
export function mailTexts(given: Readonly<Record<string, Json | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const text =
        value === undefined || value === null ? '' : isJsonList(value) ? value.map(textOf).join(', ') : textOf(value)
      return text === '' ? [] : [[name, text]]
    }),
  )
}
