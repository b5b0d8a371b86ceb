import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { keepFile } from '../kit/file-value.ts'
import { piecesOf } from '../kit/heavy-pieces.ts'
import { MOST_MAIL_BYTES } from '../providers/imap.ts'
import type { ConnectionContext } from '../trigger-sources.ts'
import { mailSchema, parseMail } from './parse-mail.ts'

type Input = {
  readonly folder: string
  readonly from?: string | undefined
  readonly subject?: string | undefined
  readonly markSeen: boolean
  readonly attachments: boolean
}
type Context = ConnectionContext<Input>

/** Up to where a folder was read. `lastAt` and `lastIds` are the newest arrival and what arrived then: by them the place is found again when a server numbers its mails anew. */
const placeSchema = z.object({
  uidValidity: z.string(),
  uid: z.int(),
  lastAt: z.string(),
  lastIds: z.array(z.string()),
  /** Mails that may not have been marked as read yet. */
  unmarked: z.array(z.int()),
})
type Place = z.infer<typeof placeSchema>

/** Mails that are stored together. */
const AT_ONCE = 10
/** Milliseconds after which a folder is looked at though nothing was told: some servers and routers forget who listens. */
const LOOK_MS = 600_000
/** Mails up to this size are read at once; larger ones by a thread. */
const SMALL_BYTES = 262_144
const MOST_IDS = 100

/** Takes what is new in a folder, now and whenever the server tells, until the connection ends. */
export async function watchFolder(client: ImapFlow, context: Context): Promise<void> {
  const { input, clock, signal } = context
  const mailbox = await client.mailboxOpen(input.folder, { readOnly: !input.markSeen })
  let news = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  client.on('exists', () => news.resolve())
  // Its numbers mean something else from now on: the next connection finds its way.
  client.on('mailboxOpen', () =>
    ended.reject(new StepError({ code: 'network', message: 'The mailbox was made anew.', retryable: true })),
  )
  client.on('close', () =>
    ended.reject(
      signal.aborted
        ? signal.reason
        : new StepError({ code: 'network', message: 'The mail server ended the connection.', retryable: true }),
    ),
  )
  let place = await findPlace(client, context, {
    uidValidity: String(mailbox.uidValidity),
    uidNext: mailbox.uidNext,
  })
  await markSeen(client, context, place.unmarked)
  for (let isFirst = true; ; isFirst = false) {
    news = Promise.withResolvers()
    place = await Promise.race([takeNew(client, context, place), ended.promise])
    if (isFirst) await context.ready()
    const cancel = clock.after(LOOK_MS, () => news.resolve())
    // IDLE lasts until the next command.
    void client.idle().catch(() => undefined)
    await Promise.race([news.promise, ended.promise]).finally(cancel)
  }
}

/** Where to go on: where the last connection ended or, at the first one, behind everything that is there. */
async function findPlace(
  client: ImapFlow,
  context: Context,
  now: { readonly uidValidity: string; readonly uidNext: number },
): Promise<Place> {
  const before = placeSchema.safeParse(context.cursor).data
  if (before?.uidValidity === now.uidValidity) return before
  const begin: Place = { uidValidity: now.uidValidity, uid: now.uidNext - 1, lastAt: '', lastIds: [], unmarked: [] }
  if (before === undefined) {
    const newest = await client.fetchOne('*', FACTS).catch(() => false as const)
    const place = newest === false ? begin : { ...begin, ...arrival(begin, newest) }
    await context.take([], place)
    return place
  }
  // The server numbers anew: new is what arrived later than the last mail that was taken.
  const { lastAt, lastIds } = before
  const place = { ...begin, uid: 0, lastAt, lastIds }
  if (lastAt === '') return begin
  let last = 0
  const since = new Date(Date.parse(lastAt) - 86_400_000)
  for await (const mail of client.fetch({ since }, FACTS)) {
    const at = arrivedAt(mail)
    if (at < lastAt || (at === lastAt && lastIds.includes(idOf(mail)))) last = Math.max(last, mail.uid)
  }
  // Mails that were not looked at, as they arrived before, lie below.
  const older = await client.search({ before: since }, { uid: true })
  return { ...place, uid: Math.max(last, ...(Array.isArray(older) ? older.slice(-1) : [])) }
}

const FACTS = { uid: true, envelope: true, internalDate: true, size: true } as const

const arrivedAt = ({ internalDate }: FetchMessageObject): string => {
  const time = new Date(internalDate ?? 0)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}
const idOf = ({ envelope, uid }: FetchMessageObject): string => envelope?.messageId ?? `uid:${uid}`

function arrival(before: Place, mail: FetchMessageObject): Pick<Place, 'lastAt' | 'lastIds'> {
  const at = arrivedAt(mail)
  if (at < before.lastAt) return { lastAt: before.lastAt, lastIds: before.lastIds }
  const ids = at === before.lastAt ? [...before.lastIds, idOf(mail)] : [idOf(mail)]
  return { lastAt: at, lastIds: ids.slice(-MOST_IDS) }
}

/** Takes all mails behind a place; returns the place behind them. */
async function takeNew(client: ImapFlow, context: Context, from: Place): Promise<Place> {
  const { input } = context
  const found: FetchMessageObject[] = []
  // `n:*` is the last mail also where its number is smaller.
  for await (const mail of client.fetch(`${from.uid + 1}:*`, FACTS, { uid: true }))
    if (mail.uid > from.uid) found.push(mail)
  found.sort((a, b) => a.uid - b.uid)
  let place = from
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const events: { key: string; data: Json }[] = []
    const taken: number[] = []
    for (const mail of found.slice(at, at + AT_ONCE)) {
      const { uidValidity } = place
      place = { ...place, ...arrival(place, mail), uid: mail.uid }
      if (!fits(mail, input)) continue
      const data = await readMail(client, context, mail, `${uidValidity}-${mail.uid}`)
      // It was moved or deleted meanwhile.
      if (data === null) continue
      events.push({ key: `${uidValidity}-${mail.uid}`, data })
      taken.push(mail.uid)
    }
    place = { ...place, unmarked: input.markSeen ? taken : [] }
    await context.take(events, place)
    await markSeen(client, context, place.unmarked)
  }
  return place
}

async function markSeen(client: ImapFlow, { input }: Context, uids: readonly number[]): Promise<void> {
  if (input.markSeen && uids.length > 0) await client.messageFlagsAdd([...uids].join(','), ['\\Seen'], { uid: true })
}

function fits({ envelope }: FetchMessageObject, { from = '', subject = '' }: Input): boolean {
  const sender = (envelope?.from ?? []).map(({ name = '', address = '' }) => `${name} <${address}>`).join(', ')
  return holds(sender, from) && holds(envelope?.subject ?? '', subject)
}

const holds = (text: string, part: string): boolean =>
  text.normalize('NFC').toLowerCase().includes(part.trim().normalize('NFC').toLowerCase())

async function readMail(client: ImapFlow, context: Context, facts: FetchMessageObject, id: string): Promise<Json> {
  const { input, heavy, large } = context
  const fetched = await client.fetchOne(
    String(facts.uid),
    { uid: true, source: { maxLength: MOST_MAIL_BYTES } },
    { uid: true },
  )
  if (fetched === false || fetched.source === undefined) return null
  const source = fetched.source
  const content = piecesOf(source)
  const pieces = (source.length <= SMALL_BYTES ? parseMail(content, null) : heavy('mail.parse', content, null))[
    Symbol.asyncIterator
  ]()
  const first = await pieces.next()
  const { attachments, date, ...mail } = mailSchema.parse(JSON.parse(String(first.value)))
  const kept: Json[] = []
  for (const { filename, contentType, bytes } of input.attachments ? attachments : []) {
    kept.push(await keepFile(large, filename, someOf(pieces, bytes), contentType))
  }
  await pieces.return?.()
  return {
    id,
    ...mail,
    date: date ?? (arrivedAt(facts) || new Date(context.clock.now()).toISOString()),
    attachments: kept,
    complete: (facts.size ?? 0) <= MOST_MAIL_BYTES,
  }
}

/** So many of the bytes that come next; pieces never reach from one file into the next. */
async function* someOf(pieces: AsyncIterator<string | Uint8Array>, bytes: number): AsyncIterable<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const { value, done } = await pieces.next()
    if (done === true || typeof value === 'string') return
    left -= value.length
    yield value
  }
}
