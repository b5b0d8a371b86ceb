import PostalMime, { type Address } from 'postal-mime'
import { z } from 'zod'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'

/** What the first piece says of a mail; the bytes of its files follow, one after the other. */
export const mailSchema = z.object({
  messageId: z.string(),
  from: z.string(),
  fromAddress: z.string(),
  to: z.string(),
  cc: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  /** ISO 8601; null where the mail says no time that can be read. */
  date: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(z.object({ filename: z.string(), contentType: z.string(), bytes: z.int() })),
})
export type ParsedMail = z.infer<typeof mailSchema>

/** Bytes of a file that are handed over at once. */
const PIECE = 262_144

/** Reads a mail as it is on the wire (RFC 5322 and MIME). Yields the JSON of {@link mailSchema}, and then the bytes of its files in their order. */
export const parseMail: HeavyTask = async function* (content) {
  const mail = await PostalMime.parse(await gather(content), {
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: 100,
    forceRfc822Attachments: true,
  })
  const files = mail.attachments.map(({ content: bytes, filename, mimeType }, at) => ({
    // Asked for as bytes, they are.
    bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : new Uint8Array(bytes),
    filename: filename?.trim() || `attachment-${at + 1}${EXTENSIONS[mimeType] ?? ''}`,
    contentType: mimeType || 'application/octet-stream',
  }))
  // The first of a name counts, as mail programs show it; fields that repeat, such as Received, are joined.
  const headers = new Map<string, string>()
  for (const { key, value } of mail.headers) {
    const before = headers.get(key)
    headers.set(key, before === undefined ? value : `${before}\n${value}`)
  }
  const shown: ParsedMail = {
    messageId: mail.messageId ?? '',
    from: wordsOf(mail.from === undefined ? [] : [mail.from]),
    fromAddress: addressesOf(mail.from === undefined ? [] : [mail.from])[0] ?? '',
    to: wordsOf(mail.to ?? []),
    cc: wordsOf(mail.cc ?? []),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    date: isoOf(mail.date),
    headers: Object.fromEntries(headers),
    attachments: files.map(({ filename, contentType, bytes }) => ({ filename, contentType, bytes: bytes.length })),
  }
  yield JSON.stringify(shown)
  for (const { bytes } of files) for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'text/html': '.html',
  'text/plain': '.txt',
}

function isoOf(date: string | undefined): string | null {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** Addresses as a mail shows them: `Ada <ada@example.com>, grace@example.com`. */
function wordsOf(addresses: readonly Address[]): string {
  return flat(addresses)
    .map(({ name, address }) => (name === '' || name === address ? address : `${quoted(name)} <${address}>`))
    .join(', ')
}

const addressesOf = (addresses: readonly Address[]): string[] => flat(addresses).map(({ address }) => address)

const flat = (addresses: readonly Address[]) =>
  addresses.flatMap((one) => (one.group === undefined ? [{ name: one.name, address: one.address }] : one.group))

/** A name with a comma in it would be two. */
const quoted = (name: string): string => (/[",;<>@()]/.test(name) ? `"${name.replace(/(["\\])/g, '\\$1')}"` : name)
