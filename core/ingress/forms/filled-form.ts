import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { eventIdOf } from '../../domain/host/ids.ts'
import type { FormField } from '../../domain/runs/question.ts'
import { plainFilename } from '../../domain/values/file-name.ts'
import { type LargeValue, reference } from '../../domain/values/large-value.ts'
import { isOwnHost } from '../host-check.ts'
import type { FormFile } from '../parse-multipart.ts'
import { type Entered, enteredIn, readSentForm, type SentForm } from './form-answers.ts'
import { KEPT_PREFIX, TOKEN } from './form-page.ts'
import { createFormSeal } from './form-seal.ts'

/** A request to a page that people fill in. */
export type PageRequest = {
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

/** What came back with a page. */
export type FilledForm = {
  /** What tells one filled-in page from another; null when nothing is to be taken: then `notice` says why. */
  readonly nonce: string | null
  /** In a fleet, the id of the event that it makes: the same at whichever host it arrives, also when it arrives twice. */
  readonly eventId: string | undefined
  readonly notice: string | null
  /** What the page is shown with again. */
  readonly token: string
  readonly entered: ReadonlyMap<string, Entered>
  readonly kept: ReadonlyMap<string, string>
  /** Everything else that was sent. */
  readonly texts: SentForm['texts']
}

/** Makes pages that can be sent once, and reads what comes back with them. `scope` is what a page is about: no other page takes its token. */
export type FilledForms = {
  newToken(scope: string, now: number): string
  /** Null for what is no form as a browser sends it. `isOptional`: whether the answer that was chosen leaves fields empty. */
  read(
    scope: string,
    fields: readonly FormField[],
    request: PageRequest,
    isOptional?: (texts: SentForm['texts']) => boolean,
  ): Promise<FilledForm | null>
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

export function createFilledForms(config: {
  /** Key of what goes out with a page and must come back as it was. */
  readonly secret: string
  /** The same, where the hosts of a fleet share one: a page that one shows can be sent to another. Files stay where they were sent. */
  readonly shared?: string | undefined
  keepBytes(content: Uint8Array): Promise<LargeValue>
}): FilledForms {
  const { secret, shared } = config
  const sealed = createFormSeal(secret)
  const pages = shared === undefined ? sealed : createFormSeal(shared, secret)

  function newToken(scope: string, now: number): string {
    return pages.seal(scope, `${now.toString(36)}.${randomBytes(12).toString('base64url')}`)
  }

  /** Null for a token that is not ours, or too old. `at`: when its page was shown. */
  function nonceOf(scope: string, token: string, now: number): { readonly nonce: string; readonly at: number } | null {
    const [at = '', nonce = ''] = pages.open(scope, token)?.split('.') ?? []
    const shownAt = Number.parseInt(at, 36)
    const age = now - shownAt
    return nonce !== '' && age >= -60_000 && age <= OPEN_MS ? { nonce, at: shownAt } : null
  }

  function seal(scope: string, field: string, file: FormFile, now: number): string {
    const { filename, contentType, bytes, content } = file
    const kept: z.output<typeof keptFileSchema> = { filename, contentType, bytes, blob: content.$blob, at: now }
    return sealed.seal(`${scope}/${field}`, JSON.stringify(kept))
  }

  function unseal(scope: string, field: string, text: string | undefined, now: number): FormFile | null {
    const opened = text === undefined ? null : sealed.open(`${scope}/${field}`, text)
    if (opened === null) return null
    // Only what we sealed ourselves is read here.
    const { filename, contentType, bytes, blob, at } = keptFileSchema.parse(JSON.parse(opened))
    if (now - at > KEPT_MS) return null
    return { filename, contentType, bytes, content: reference({ $blob: blob, bytes, type: 'bytes' }) }
  }

  async function fileIn(scope: string, name: string, sent: SentForm, now: number): Promise<FormFile | null> {
    const file = sent.files.get(name)
    if (file === undefined) return unseal(scope, name, sent.texts.get(`${KEPT_PREFIX}${name}`)?.[0], now)
    const { filename, contentType, content } = file
    return {
      filename: plainFilename(filename),
      contentType,
      bytes: content.length,
      content: await config.keepBytes(content),
    }
  }

  return {
    newToken,
    async read(scope, fields, request, isOptional = () => false) {
      const { receivedAt: now, closed } = request
      const sent = await readSentForm(request.raw, request.headers['content-type'])
      if (sent === null) return null
      const mayBeEmpty = isOptional(sent.texts)
      const entered = new Map<string, Entered>()
      const kept = new Map<string, string>()
      for (const field of fields) {
        const file = field.type === 'file' ? await fileIn(scope, field.name, sent, now) : null
        if (file !== null) kept.set(field.name, seal(scope, field.name, file, now))
        const asked = mayBeEmpty ? { ...field, required: false } : field
        entered.set(field.name, enteredIn(asked, sent.texts.get(field.name) ?? [], file))
      }
      const token = sent.texts.get(TOKEN)?.[0] ?? (isProgram(request) ? newToken(scope, now) : '')
      const known = nonceOf(scope, token, now)
      const eventId = known === null || shared === undefined ? undefined : eventIdFor(scope, known)
      const nonce = known?.nonce ?? null
      const filled = { entered, kept, texts: sent.texts, eventId }
      if (nonce === null) {
        const notice = 'Not sent yet: this page was open for too long. Look at your answers, and send them again.'
        return { ...filled, nonce, notice, token: newToken(scope, now) }
      }
      if (closed !== null) {
        const notice = 'Not sent yet: it takes no answers for a short while. Send it again in a minute.'
        return { ...filled, nonce: null, notice, token }
      }
      return { ...filled, nonce, notice: null, token }
    },
  }
}

function eventIdFor(scope: string, { nonce, at }: { readonly nonce: string; readonly at: number }): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([scope, nonce]))
    .digest()
  return eventIdOf(at, digest)
}

/** Whether something that was entered has to be changed. */
export function hasProblem({ entered }: Pick<FilledForm, 'entered'>): boolean {
  return [...entered.values()].some(({ problem }) => problem !== null)
}

/** Browsers name the page that sends. One that names another than the form's own is turned away; what is no browser names none. */
export function isFromItsOwnPage({ headers, port, hosts }: PageRequest): boolean {
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
function isProgram({ headers }: PageRequest): boolean {
  return headers.origin === undefined && headers['sec-fetch-site'] === undefined && headers.referer === undefined
}
