import type { IncomingHttpHeaders } from 'node:http'
import type { Tx } from '../../db/executor.ts'
import { insertWebhookRequest } from '../../db/webhook-requests.ts'
import type { AcceptedEvent } from '../../domain/runs/incoming-event.ts'
import { renderValue } from '../../domain/templates/template.ts'
import { hostZone } from '../../domain/time/zone.ts'
import { type Json, textOf } from '../../domain/values/json.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Signals } from '../../signals.ts'
import type { LiveForm } from '../live-triggers.ts'
import { KEPT_BYTES } from '../refused-requests.ts'
import type { Answer } from '../webhook-answer.ts'
import { type FilledForm, type FilledForms, hasProblem, isFromItsOwnPage, type PageRequest } from './filled-form.ts'
import { answersIn, type Entered } from './form-answers.ts'
import { donePage, formPage, plainPage } from './form-page.ts'

/** Shows forms, and takes what is sent with them. */
export type Forms = {
  /** Replaces the forms that can be filled in. */
  set(forms: readonly LiveForm[]): void
  /** Resolves with the page to show: once the event is on the disk, for what was sent. Rejects when it could not be stored. */
  answer(request: PageRequest): Promise<Answer>
}

export function createForms(config: {
  readonly filled: FilledForms
  readonly outbox: Pick<Outbox, 'accept'>
  readonly signals: Signals
  pack(value: Json): string | Promise<string>
  /** The page to which a sender is led on by the run, relative to the form's path. */
  next(runId: string, path: string): Promise<string | null>
  /** Told how many bytes were stored. */
  took(bytes: number): void
}): Forms {
  const { outbox, signals, filled } = config
  let byPath = new Map<string, LiveForm>()

  const scopeOf = ({ zapId, stepId }: LiveForm): string => `${zapId}/${stepId}`

  function shown({ page }: LiveForm, shown: Pick<FilledForm, 'token' | 'entered' | 'kept' | 'notice'>): Answer {
    const { title, intro, fields, send, done } = page
    const leadsTo = 'redirect' in done ? done.redirect : null
    return formPage({ ...shown, title, intro, fields, leadsTo, buttons: [{ label: send, value: null }] })
  }

  async function take(form: LiveForm, request: PageRequest): Promise<Answer> {
    const sent = await filled.read(scopeOf(form), form.page.fields, request)
    if (sent === null) {
      return plainPage(
        400,
        'This could not be read',
        'It is no form as a browser sends it. Open the form, and send it from there.',
      )
    }
    if (sent.nonce !== null && !hasProblem(sent)) return store(form, request, sent, sent.nonce)
    const page = shown(form, sent)
    if (sent.notice === null || request.closed === null) return page
    const { status, retryAfter } = request.closed
    return { ...page, status, headers: { ...page.headers, 'retry-after': retryAfter } }
  }

  async function store(
    form: LiveForm,
    { method, path, headers, raw, receivedAt, address }: PageRequest,
    { entered, eventId: id }: Pick<FilledForm, 'entered' | 'eventId'>,
    nonce: string,
  ): Promise<Answer> {
    const { zapId, version, stepId: triggerStepId, page } = form
    const data: Json = { fields: answersIn(page.fields, entered), submittedAt: new Date(receivedAt).toISOString() }
    const packed = config.pack(data)
    const json = typeof packed === 'string' ? packed : await packed
    const named = id === undefined ? {} : { id }
    const event = { ...named, zapId, version, triggerStepId, dedupeKey: `form:${nonce}`, data, json, receivedAt }
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
    const { eventId, runId } = await outbox.accept(event, along)
    signals.emit('inbox:received')
    config.took(raw.length)
    const next = form.leadsOn ? await config.next(runId, path) : null
    if (next !== null) return { status: 303, headers: { location: next }, body: null }
    const scope = { zap: { timezone: form.settings.timezone ?? hostZone() }, [triggerStepId]: data }
    if ('redirect' in page.done) {
      const location = rendered(page.done.redirect, scope)
      if (location !== null && URL.canParse(location))
        return { status: 303, headers: { location: URL.parse(location)?.href ?? '' }, body: null }
    }
    const message = 'message' in page.done ? rendered(page.done.message, scope) : null
    return donePage(page.title, message ?? 'Thank you. It has arrived.', `Your reference is ${eventId.slice(-8)}.`)
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
        const token = filled.newToken(scopeOf(form), receivedAt)
        const page = shown(form, { token, entered: NOTHING, kept: NO_FILES, notice: null })
        return method === 'HEAD' ? { ...page, body: '' } : page
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

/** Of a visitor's headers, those that tell something about what was sent. */
function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { 'content-type': type = '', 'user-agent': agent = '', 'accept-language': language = '' } = headers
  return { 'content-type': type, 'user-agent': agent, 'accept-language': language }
}
