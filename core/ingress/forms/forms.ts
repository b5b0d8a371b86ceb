import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { FormField } from '../../connectors/trigger-sources.ts'
import type { Tx } from '../../db/executor.ts'
import { insertWebhookRequest } from '../../db/webhook-requests.ts'
import type { AcceptedEvent } from '../../domain/runs/incoming-event.ts'
import { renderValue } from '../../domain/templates/template.ts'
import { hostZone } from '../../domain/time/zone.ts'
import { type Json, textOf } from '../../domain/values/json.ts'
import { type LargeValue, reference } from '../../domain/values/large-value.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Signals } from '../../signals.ts'
import { isOwnHost } from '../host-check.ts'
import type { LiveForm } from '../live-triggers.ts'
import type { FormFile } from '../parse-multipart.ts'
import { KEPT_BYTES } from '../refused-requests.ts'
import type { Answer } from '../webhook-answer.ts'
import { answerOf, type Entered, enteredIn, plainFilename, readSentForm, type SentForm } from './form-answers.ts'
import { donePage, formPage, KEPT_PREFIX, plainPage, TOKEN } from './form-page.ts'
import { createFormSeal } from './form-seal.ts'

/** A request to a path below `/forms/`. */
export type FormRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly raw: Buffer
  readonly receivedAt: number
  readonly address: string | null
  /** The port and the names by which this listener is reached. */
  readonly port: number
  readonly hosts: ReadonlySet<string>
  /** Why nothing is taken in at the moment. */
  readonly closed: { readonly status: number; readonly retryAfter: string; readonly isPaused: boolean } | null
}

/** Shows forms, and takes what is sent with them. */
export type Forms = {
  /** Replaces the forms that can be filled in. */
  set(forms: readonly LiveForm[]): void
  /** Resolves with the page to show: once the event is on the disk, for what was sent. Rejects when it could not be stored. */
  answer(request: FormRequest): Promise<Answer>
}

/** Milliseconds for which a page can be sent after it was shown, and for which a file that came with a refused answer is kept. */
const OPEN_MS = 3 * 86_400_000
const KEPT_MS = 12 * 3_600_000

const keptFileSchema = z.object({
  filename: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  blob: z.string(),
  at: z.number(),
})

export function createForms(config: {
  /** Key of what goes out with a page and must come back as it was. */
  readonly secret: string
  readonly outbox: Pick<Outbox, 'accept'>
  readonly signals: Signals
  keepBytes(content: Uint8Array): Promise<LargeValue>
  pack(value: Json): string | Promise<string>
  /** Told how many bytes were stored. */
  took(bytes: number): void
}): Forms {
  const { outbox, signals } = config
  const sealed = createFormSeal(config.secret)
  let byPath = new Map<string, LiveForm>()

  const scopeOf = ({ zapId, stepId }: LiveForm): string => `${zapId}/${stepId}`

  function newToken(form: LiveForm, now: number): string {
    return sealed.seal(scopeOf(form), `${now.toString(36)}.${randomBytes(12).toString('base64url')}`)
  }

  /** What tells one filled-in page from another; null for a token that is not ours, or too old. */
  function nonceOf(form: LiveForm, token: string, now: number): string | null {
    const [at = '', nonce = ''] = sealed.open(scopeOf(form), token)?.split('.') ?? []
    const age = now - Number.parseInt(at, 36)
    return nonce !== '' && age >= -60_000 && age <= OPEN_MS ? nonce : null
  }

  function seal(form: LiveForm, field: string, file: FormFile, now: number): string {
    const { filename, contentType, bytes, content } = file
    const kept: z.output<typeof keptFileSchema> = { filename, contentType, bytes, blob: content.$blob, at: now }
    return sealed.seal(`${scopeOf(form)}/${field}`, JSON.stringify(kept))
  }

  function unseal(form: LiveForm, field: string, text: string | undefined, now: number): FormFile | null {
    const opened = text === undefined ? null : sealed.open(`${scopeOf(form)}/${field}`, text)
    if (opened === null) return null
    // Only what we sealed ourselves is read here.
    const { filename, contentType, bytes, blob, at } = keptFileSchema.parse(JSON.parse(opened))
    if (now - at > KEPT_MS) return null
    return { filename, contentType, bytes, content: reference({ $blob: blob, bytes, type: 'bytes' }) }
  }

  async function fileIn(form: LiveForm, { name }: FormField, sent: SentForm, now: number): Promise<FormFile | null> {
    const file = sent.files.get(name)
    if (file === undefined) return unseal(form, name, sent.texts.get(`${KEPT_PREFIX}${name}`)?.[0], now)
    const { filename, contentType, content } = file
    return {
      filename: plainFilename(filename),
      contentType,
      bytes: content.length,
      content: await config.keepBytes(content),
    }
  }

  async function take(form: LiveForm, request: FormRequest): Promise<Answer> {
    const { page } = form
    const { receivedAt } = request
    const sent = await readSentForm(request.raw, request.headers['content-type'])
    if (sent === null) {
      return plainPage(
        400,
        'This could not be read',
        'It is no form as a browser sends it. Open the form, and send it from there.',
      )
    }
    const entered = new Map<string, Entered>()
    for (const field of page.fields) {
      const file = field.type === 'file' ? await fileIn(form, field, sent, receivedAt) : null
      entered.set(field.name, enteredIn(field, sent.texts.get(field.name) ?? [], file))
    }
    const again = (notice: string | null, token: string): Answer => {
      const kept = new Map<string, string>()
      for (const [name, { file }] of entered) if (file !== null) kept.set(name, seal(form, name, file, receivedAt))
      return formPage({ page, token, entered, kept, notice })
    }
    const token = sent.texts.get(TOKEN)?.[0] ?? (isProgram(request) ? newToken(form, receivedAt) : '')
    const nonce = nonceOf(form, token, receivedAt)
    if (nonce === null) {
      return again(
        'Not sent yet: this page was open for too long. Look at your answers, and send them again.',
        newToken(form, receivedAt),
      )
    }
    if (request.closed !== null) {
      const { status, retryAfter } = request.closed
      const page = again('Not sent yet: it takes no answers for a short while. Send it again in a minute.', token)
      return { ...page, status, headers: { ...page.headers, 'retry-after': retryAfter } }
    }
    if ([...entered.values()].some(({ problem }) => problem !== null)) return again(null, token)
    return store(form, request, entered, nonce)
  }

  async function store(
    form: LiveForm,
    { method, path, headers, raw, receivedAt, address }: FormRequest,
    entered: ReadonlyMap<string, Entered>,
    nonce: string,
  ): Promise<Answer> {
    const { zapId, version, stepId: triggerStepId, page } = form
    const answers = page.fields.map((field): [string, Json] => {
      const answer = entered.get(field.name)
      return [field.name, answer === undefined ? null : answerOf(field, answer)]
    })
    const data: Json = { fields: Object.fromEntries(answers), submittedAt: new Date(receivedAt).toISOString() }
    const packed = config.pack(data)
    const json = typeof packed === 'string' ? packed : await packed
    const event = { zapId, version, triggerStepId, dedupeKey: `form:${nonce}`, data, json, receivedAt }
    const shown = shownHeaders(headers)
    const along = (tx: Tx, { eventId, isDuplicate }: AcceptedEvent): void =>
      insertWebhookRequest(tx, {
        receivedAt,
        method,
        path,
        query: '',
        headers: JSON.stringify(shown),
        body: raw.length <= KEPT_BYTES ? raw : new Uint8Array(),
        remoteAddress: address,
        verdict: isDuplicate ? 'duplicate' : 'accepted',
        status: 'redirect' in page.done ? 303 : 200,
        note: null,
        zapId,
        eventId,
      })
    const { eventId } = await outbox.accept(event, along)
    signals.emit('inbox:received')
    config.took(raw.length)
    const scope = { zap: { timezone: form.settings.timezone ?? hostZone() }, [triggerStepId]: data }
    if ('redirect' in page.done) {
      const location = rendered(page.done.redirect, scope)
      if (location !== null && URL.canParse(location))
        return { status: 303, headers: { location: URL.parse(location)?.href ?? '' }, body: null }
    }
    const message = 'message' in page.done ? rendered(page.done.message, scope) : null
    return donePage(page, message ?? 'Thank you. It has arrived.', eventId.slice(-8))
  }

  return {
    set(forms) {
      byPath = new Map(forms.map((form) => [form.path, form]))
    },
    async answer(request) {
      const form = byPath.get(request.path)
      if (form === undefined) {
        return plainPage(
          404,
          'This form is not open at the moment',
          'It may have moved, or be switched off. Ask the person who gave you the address.',
        )
      }
      const { method, closed, receivedAt } = request
      // What a person has filled in must not be lost while everything is paused.
      if (closed !== null && !(closed.isPaused && method === 'POST')) {
        const text = 'It takes no answers for a short while. Try again in some minutes.'
        return plainPage(closed.status, form.page.title, text, { 'retry-after': closed.retryAfter })
      }
      if (method === 'GET' || method === 'HEAD') {
        const shown = formPage({
          page: form.page,
          token: newToken(form, receivedAt),
          entered: NOTHING,
          kept: NO_FILES,
          notice: null,
        })
        return method === 'HEAD' ? { ...shown, body: '' } : shown
      }
      if (method !== 'POST')
        return plainPage(405, 'This is a form', 'Open it in a browser.', { allow: 'GET, HEAD, POST' })
      if (!isFromItsOwnPage(request)) {
        return plainPage(
          403,
          'This was not sent from the form',
          'Another page tried to send it. Open the form, and send it from there.',
        )
      }
      return take(form, request)
    },
  }
}

const NOTHING: ReadonlyMap<string, Entered> = new Map()
const NO_FILES: ReadonlyMap<string, string> = new Map()

/** What a person's own words become; null where they cannot be rendered, which must not lose what was sent. */
function rendered(text: string, scope: Readonly<Record<string, unknown>>): string | null {
  try {
    return textOf(renderValue(text, scope) ?? '')
  } catch {
    return null
  }
}

/** Browsers name the page that sends. One that names another than the form's own is turned away; what is no browser names none. */
function isFromItsOwnPage({ headers, port, hosts }: FormRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin === undefined) return true
  const page = URL.parse(origin)
  return page !== null && (page.host === headers.host || isOwnHost(page.host, port, hosts))
}

/**
 * What no page can have made a browser send: that would name where it comes from (RFC 6454, Fetch Metadata). A program that fills in a form needs no
 * page of ours before.
 */
function isProgram({ headers }: FormRequest): boolean {
  return headers.origin === undefined && headers['sec-fetch-site'] === undefined && headers.referer === undefined
}

/** Of a visitor's headers, those that tell something about what was sent. */
function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { 'content-type': type = '', 'user-agent': agent = '', 'accept-language': language = '' } = headers
  return { 'content-type': type, 'user-agent': agent, 'accept-language': language }
}
