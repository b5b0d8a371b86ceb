import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { FleetLog } from './log.ts'
import type { Presence } from './presence.ts'
import { ask } from './questions.ts'

/** A request for a page on which people answer a question. */
export type PageAsked = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly raw: Uint8Array
  readonly receivedAt: number
  readonly address: string | null
}

export type Page = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where a question is asked that is not asked here. */
export type Elsewhere = {
  /** As its host answers; null where no host that answers has it. */
  readonly page: Page | null
  /** Hosts that do not answer, with their addresses: it may be one of theirs. */
  readonly silent: readonly { readonly name: string; readonly address: string }[]
}

/** What a page says that decides who sent it, and how it is to be read. */
const HEADERS = ['host', 'origin', 'referer', 'sec-fetch-site', 'content-type'] as const
/** Of a request; a letter of the log holds 1 MB, and this is written as text. */
const MAX_BYTES = 600_000

const askedSchema = z.object({
  method: z.enum(['GET', 'HEAD', 'POST']),
  path: z.string().max(4_000),
  headers: z.partialRecord(z.enum(HEADERS), z.string()),
  raw: z.base64(),
  receivedAt: z.number(),
  address: z.string().nullable(),
})

const pageSchema = z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string() })

/** Hands requests for pages to the hosts that have what they are about. */
export type FleetPages = {
  /** Asks all other hosts at once. */
  elsewhere(asked: PageAsked): Promise<Elsewhere>
  /** Answers what another host was asked for; null where it is none of this host's. */
  answer(asked: string): Promise<string | null>
}

export function createFleetPages(config: {
  readonly name: string
  readonly presence: Pick<Presence, 'members'>
  connection(): FleetLog | undefined
  /** The page as this host answers it by itself; null where it has no such question. */
  answerHere(asked: PageAsked): Promise<Page | null>
}): FleetPages {
  const { name, presence } = config

  async function askHost(log: FleetLog, to: string, request: string): Promise<Page | null | 'silent'> {
    try {
      const said = await ask(log, to, { ask: 'page', request })
      return typeof said === 'string' ? pageSchema.parse(JSON.parse(said)) : null
    } catch {
      // It is not there, or too old to be asked that.
      return 'silent'
    }
  }

  return {
    async elsewhere({ method, path, headers, raw, receivedAt, address }) {
      const others = presence.members().filter(({ doc }) => doc.name !== name)
      const log = raw.length > MAX_BYTES ? undefined : config.connection()
      const asked = log === undefined ? [] : others.filter(({ isGone }) => !isGone)
      const silent = new Set(others.filter((one) => !asked.includes(one)))
      const kept = Object.fromEntries(
        HEADERS.flatMap((header) => (headers[header] === undefined ? [] : [[header, String(headers[header])]])),
      )
      const request = JSON.stringify({
        ...{ method, path, headers: kept, receivedAt, address },
        raw: Buffer.from(raw).toString('base64'),
      })
      const found = Promise.withResolvers<Page>()
      const all = Promise.all(
        asked.map(async (one) => {
          const said = log && (await askHost(log, one.doc.name, request))
          if (said === 'silent') silent.add(one)
          else if (said) found.resolve(said)
        }),
      )
      // One that answers does not wait for those that do not.
      const page = await Promise.race([found.promise, all.then(() => null)])
      return { page, silent: [...silent].map(({ doc }) => ({ name: doc.name, address: doc.address })) }
    },
    async answer(text) {
      const { raw, ...asked } = askedSchema.parse(JSON.parse(text))
      const page = await config.answerHere({ ...asked, raw: Buffer.from(raw, 'base64') })
      return page === null ? null : JSON.stringify(page)
    },
  }
}
