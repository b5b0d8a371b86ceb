import { os } from '@orpc/server'
import type { InboxRequest, InboxRequestDetail } from '../contract/values.ts'
import { findNewestRequestId, findRequestAfter, type ListedRequest, listRequests } from '../db/webhook-requests.ts'
import { firstRunId } from '../domain/host/ids.ts'
import { guessSender } from '../domain/trust/known-sender.ts'
import { recogniseScheme } from '../domain/trust/recognise-scheme.ts'
import { createInboxCommands, FORGOTTEN, InboxRefusal } from './inbox-commands.ts'
import { type KeptRequest, readKeptRequest, textsOf } from './kept-request.ts'
import { toIso } from './run-view.ts'
import { type InboxServices, procedures } from './services.ts'

/** Bytes of a body that a screen is sent. */
const SHOWN_BYTES = 262_144

/** Requests that one search looks through. */
const SEARCHED = 20_000

export function inboxProcedures(services: InboxServices) {
  const { reader } = services.database
  const commands = createInboxCommands(services)
  const requestOf = os.errors({ NOT_FOUND: {} }).middleware(async ({ next, errors }, { id }: { id: number }) => {
    const kept = await readKeptRequest(services, id)
    if (kept === undefined) throw errors.NOT_FOUND({ message: `There is no request ${id} in the inbox.` })
    return next({ context: { kept } })
  })

  async function page(input: {
    verdict?: Parameters<typeof listRequests>[1]['verdict']
    limit: number
    cursor?: number | undefined
    text?: string | undefined
  }) {
    const { verdict, limit, cursor, text = '' } = input
    if (text === '') {
      const rows = await listRequests(reader, { verdict, before: cursor, limit: limit + 1 })
      const shown = rows.slice(0, limit)
      return { requests: shown.map(requestView), next: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null }
    }
    const before = cursor ?? (await findNewestRequestId(reader)) + 1
    const from = Math.max(0, before - SEARCHED)
    const rows = await listRequests(reader, { verdict, before, from, limit: limit + 1, text })
    const shown = rows.slice(0, limit)
    const next = rows.length > shown.length ? (shown.at(-1)?.id ?? null) : from <= 1 ? null : from
    return { requests: shown.map(requestView), next }
  }

  return {
    list: procedures.inbox.list.handler(({ input }) => page(input)),

    get: procedures.inbox.get.use(requestOf).handler(({ context: { kept } }) => detailView(kept)),

    replay: procedures.inbox.replay.use(requestOf).handler(async ({ input, errors, context: { kept } }) => {
      const runId = await commands.replay(kept, input).catch((error: unknown) => {
        throw error instanceof InboxRefusal ? errors.CONFLICT({ message: error.message }) : error
      })
      return { runId }
    }),

    pin: procedures.inbox.pin.use(requestOf).handler(async ({ input, errors, context: { kept } }) => {
      return commands.pin(kept, input).catch((error: unknown) => {
        throw error instanceof InboxRefusal ? errors.CONFLICT({ message: error.message }) : error
      })
    }),

    capture: procedures.inbox.capture.handler(async ({ input, errors, signal }) => {
      const { zapId, step } = input
      try {
        const path = await commands.pathOf(zapId, step)
        const before = await findNewestRequestId(reader)
        await services.captures.next(path, signal)
        const found = await findRequestAfter(reader, path, before)
        const kept = found && (await readKeptRequest(services, found.id))
        if (kept === undefined) throw new InboxRefusal('The request came and was not kept: try again.')
        await commands.pin(kept, { zapId, step })
        return detailView(kept)
      } catch (error) {
        throw error instanceof InboxRefusal ? errors.CONFLICT({ message: error.message }) : error
      }
    }),

    settings: procedures.inbox.settings.handler(() => services.webhooks.settings()),

    setSettings: procedures.inbox.setSettings.handler(async ({ input }) => {
      await services.settings.change('webhooks', input)
      return services.webhooks.settings()
    }),
  }
}

function requestView(row: ListedRequest): InboxRequest {
  const { id, receivedAt, method, path, remoteAddress, verdict, status, note, zapId, zapName, eventId, repeats } = row
  const headers = row.headers ?? row.eventHeaders
  return {
    id,
    receivedAt: toIso(receivedAt),
    method,
    path,
    remoteAddress,
    verdict,
    status,
    note,
    zapId,
    zapName,
    runId: eventId === null ? null : firstRunId(eventId),
    sender: headers === null ? null : guessSender(textsOf(JSON.parse(headers))),
    repeats,
  }
}

function detailView({ row, query, headers, body, isCut, report, isForgotten }: KeptRequest): InboxRequestDetail {
  return {
    ...requestView(row),
    note: isForgotten ? FORGOTTEN : row.note,
    query,
    headers,
    sender: guessSender(headers),
    report,
    proposal: recogniseScheme(headers),
    body: body === null ? null : Buffer.from(body.subarray(0, SHOWN_BYTES)).toString('base64'),
    bytes: body === null ? 0 : isCut ? Math.max(body.length, Number(headers['content-length'] ?? 0)) : body.length,
  }
}
