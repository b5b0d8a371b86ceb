import { type ApprovalAt, type ApprovalRow, findApproval, findApprovals } from '../../db/approvals.ts'
import type { Database } from '../../db/open.ts'
import { findAnyRun } from '../../db/run-rows.ts'
import { decisionOf, type Question, storedQuestion } from '../../domain/runs/question.ts'
import { isTerminal, runTransitions } from '../../domain/runs/states.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { fromStored } from '../../domain/values/stored-json.ts'
import { answerQuestion } from '../../outbox/answer-question.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { Signals } from '../../signals.ts'
import {
  type FilledForm,
  type FilledForms,
  hasProblem,
  isFromItsOwnPage,
  type PageRequest,
} from '../forms/filled-form.ts'
import { answersIn, type Entered, enteredIn } from '../forms/form-answers.ts'
import { BUTTON, donePage, formPage, plainPage } from '../forms/form-page.ts'
import type { Answer } from '../webhook-answer.ts'
import type { ApprovalLinks } from './approval-links.ts'
import { createRunWatch } from './run-watch.ts'

/** The pages on which people answer what runs ask, each behind a link of its own. */
export type ApprovalPages = {
  /** Resolves with the page to show: for an answer, once it is on the disk. */
  answer(request: PageRequest): Promise<Answer>
  /** As {@link ApprovalPages.answer}, for another host of the fleet; null where the link is none of a question that was asked here. */
  answerHere(request: PageRequest): Promise<Answer | null>
  /** The path of the question to which the sender of a form is led on, relative to the form's; null when none comes soon. */
  after(runId: string, formPath: string): Promise<string | null>
  /** Lets go of the pages that wait for a run. */
  close(): void
}

/** Milliseconds for which a page waits for the run to ask, or to ask again. */
const PATIENCE_MS = 5_000

/** The name of the note, where there is nothing else to fill in; no field's name begins so. */
const NOTE = '_note'
const MAX_TITLE = 160

const NO_FILES: ReadonlyMap<string, string> = new Map()

/** What the other hosts of a fleet say of a link: the page of the one that has its question, or those that do not answer. */
export type Elsewhere = {
  readonly page: Answer | null
  readonly silent: readonly { readonly name: string; readonly address: string }[]
}

/** A question that is there to be answered by its link. */
type Asked = { readonly at: ApprovalAt; readonly zapId: string; readonly row: ApprovalRow; readonly question: Question }

export function createApprovalPages(config: {
  readonly database: Database
  readonly clock: Clock
  readonly signals: Signals
  readonly links: ApprovalLinks
  readonly filled: FilledForms
  readonly outbox: Pick<Outbox, 'resume'>
  pack(value: Json): string | Promise<string>
  /** Where the question of a link is asked that was not asked here; absent on a host that stands alone. */
  readonly elsewhere?: ((request: PageRequest) => Promise<Elsewhere>) | undefined
}): ApprovalPages {
  const { database, clock, links, filled, elsewhere } = config
  const { reader } = database
  const watch = createRunWatch(clock, config.signals)

  /** The question of a link; undefined when its run is not there (any more), null when it was not asked yet. */
  async function lookUp(at: ApprovalAt): Promise<Asked | undefined | null> {
    const run = await findAnyRun(reader, at.runId)
    if (run === undefined) return undefined
    const row = await findApproval(reader, at)
    if (row !== undefined) return { at, zapId: run.zapId, row, question: storedQuestion(row.form) }
    return isTerminal(runTransitions, run.state) ? undefined : null
  }

  /** Another open question of a run for the person who has come as far as this; false when none will come. */
  async function nextOf(runId: string, from: 'form' | ApprovalAt): Promise<string | false | null> {
    const now = clock.now()
    const open = (await findApprovals(reader, runId)).filter((row) => {
      const { follows } = storedQuestion(row.form)
      const isFor = follows === 'always' || (follows === 'unless-sent' && from !== 'form')
      return isFor && row.decision === null && row.linkUntil > now
    })
    const [next] = open.filter((row) => from === 'form' || row.stepId !== from.stepId || row.scope !== from.scope)
    if (next !== undefined) return links.pathOf(next)
    const run = await findAnyRun(reader, runId)
    return run === undefined || isTerminal(runTransitions, run.state) || run.state === 'needs-review' ? false : null
  }

  function page({ at, row, question }: Asked, sent: Pick<FilledForm, 'token' | 'entered' | 'kept' | 'notice'>): Answer {
    const { title, intro } = headingOf(row.message)
    return formPage({
      ...sent,
      title,
      intro,
      details: fromStored(row.data),
      fields: shownFields(question),
      buttons: question.answers.map(({ id, label }) => ({ label, value: id })),
      leadsTo: null,
      token: sent.token === '' ? filled.newToken(scopeOf(at), clock.now()) : sent.token,
    })
  }

  async function take(asked: Asked, request: PageRequest): Promise<Answer> {
    const { at, row, question, zapId } = asked
    const declines = (texts: FilledForm['texts']): boolean => texts.get(BUTTON)?.[0] === 'declined'
    const sent = await filled.read(scopeOf(at), shownFields(question), request, declines)
    if (sent === null) {
      return plainPage(
        400,
        'This could not be read',
        'It is no form as a browser sends it. Open the link, and answer there.',
      )
    }
    const pressed =
      sent.texts.get(BUTTON)?.[0] ?? (question.answers.length === 1 ? (question.answers[0]?.id ?? '') : '')
    const decided = decisionOf(question, pressed)
    if (sent.nonce === null) return page(asked, sent)
    if (decided === null) return page(asked, { ...sent, notice: 'Not sent yet: choose one of the answers below.' })
    if (hasProblem(sent)) return page(asked, sent)
    const fields = answersIn(question.fields, sent.entered)
    const note = sent.texts.get(NOTE)?.[0]?.trim() ?? ''
    const answer = { ...decided, note: note === '' ? null : note, via: 'link' as const, fields }
    const isTaken = await answerQuestion(config, { id: at.runId, zapId }, at, answer)
    if (!isTaken) return closedPage(at, (await findApproval(reader, at)) ?? row)
    const next = await watch.until(at.runId, () => nextOf(at.runId, at), PATIENCE_MS)
    if (typeof next === 'string') return { status: 303, headers: { location: lastOf(next) }, body: null }
    const label = question.answers.find(({ id }) => id === pressed)?.label ?? pressed
    return donePage(headingOf(row.message).title, 'Thank you. It has arrived.', `You answered “${label}”.`)
  }

  /** Why a question is not to be answered (any more), with the next one where there is one. */
  async function closedPage(at: ApprovalAt, row: ApprovalRow): Promise<Answer> {
    const { heading, text } = closedWords(row)
    const wasByLink = row.decision !== null && row.via === 'link'
    const next = wasByLink ? await nextOf(at.runId, at) : null
    const link = typeof next === 'string' ? { href: lastOf(next), label: 'Go on to the next page' } : null
    return plainPage(410, heading, text, {}, link)
  }

  /** The page of another host, or why there is none; null where this host has the run, or no other can have it. */
  async function pageElsewhere(request: PageRequest, at: ApprovalAt): Promise<Answer | null> {
    if (elsewhere === undefined || (await findApproval(reader, at)) !== undefined) return null
    const { page, silent } = await elsewhere(request)
    if (page !== null) return page
    if (silent.length === 0 || (await findAnyRun(reader, at.runId))?.state === 'running') return null
    const where = silent.map(({ name, address }) => `${name} (${address})`).join(', ')
    const text = `It is asked by another computer, which cannot be reached from here now: ${where}. Open the link again in some minutes, or at that computer.`
    return plainPage(503, 'Try again later', text, { 'retry-after': '60' })
  }

  async function answer(request: PageRequest): Promise<Answer> {
    const { method, closed } = request
    const at = links.read(request.path)
    if (at === null) {
      return plainPage(
        404,
        'This link is not known',
        'It may have been cut off on its way. Open it from the message again, or ask the person who sent it for another.',
      )
    }
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
      return plainPage(405, 'This is a question', 'Open it in a browser.', { allow: 'GET, HEAD, POST' })
    }
    if (closed !== null && !(closed.isPaused && method === 'POST')) {
      const text = 'It takes no answers for a short while. Try again in some minutes.'
      return plainPage(closed.status, 'Try again later', text, { 'retry-after': closed.retryAfter })
    }
    if (method === 'POST' && !isFromItsOwnPage(request)) {
      return plainPage(403, 'This was not sent from its own page', 'Open the link, and answer there.')
    }
    const other = await pageElsewhere(request, at)
    if (other !== null) return other
    const asked = await (method === 'HEAD' ? lookUp(at) : watch.until(at.runId, () => lookUp(at), PATIENCE_MS))
    if (asked === undefined) {
      return plainPage(410, 'This is not asked any more', 'What it belonged to is over. Nothing was changed.')
    }
    if (asked === null) {
      const again = { href: lastOf(links.pathOf(at)), label: 'Look again' }
      const text = 'What leads to it is still under way. Open the link again in a moment.'
      return plainPage(409, 'This is not asked yet', text, { 'retry-after': '10' }, again)
    }
    if (asked.row.decision !== null || !isOpen(asked.row, clock.now())) return closedPage(at, asked.row)
    if (method === 'POST') return take(asked, request)
    const shown = page(asked, { token: '', entered: atFirst(asked.question), kept: NO_FILES, notice: null })
    return method === 'HEAD' ? { ...shown, body: '' } : shown
  }

  return {
    answer,
    async answerHere(request) {
      const at = links.read(request.path)
      return at === null || (await findApproval(reader, at)) === undefined ? null : answer(request)
    },
    async after(runId, formPath) {
      const next = await watch.until(runId, () => nextOf(runId, 'form'), PATIENCE_MS)
      if (typeof next !== 'string') return null
      const above = formPath.split('/').length - 2
      return `${'../'.repeat(above)}${next.slice(1)}`
    },
    close: watch.close,
  }
}

/** Answers for another host of the fleet, which has looked at the limits of its sender. The page names the host that it was opened at. */
export function answerHereOf(pages: Pick<ApprovalPages, 'answerHere'>) {
  return async (asked: Omit<PageRequest, 'raw' | 'port' | 'hosts' | 'closed'> & { readonly raw: Uint8Array }) => {
    const raw = Buffer.from(asked.raw)
    const page = await pages.answerHere({ ...asked, raw, port: 0, hosts: new Set(), closed: null })
    return page && { status: page.status, headers: page.headers ?? {}, body: String(page.body ?? '') }
  }
}

const scopeOf = ({ runId, stepId, scope }: ApprovalAt): string => `approval/${runId}/${stepId}/${scope}`

/** A path as pages beside it name it, so that it holds behind every public address. */
const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const isOpen = ({ expiresAt, linkUntil }: ApprovalRow, now: number): boolean =>
  linkUntil > now && (expiresAt === null || expiresAt > now)

/** The first line of a question, and the rest of it. */
function headingOf(message: string): { readonly title: string; readonly intro: string | null } {
  const [first = '', ...rest] = message.trim().split('\n')
  if (first.length > MAX_TITLE) return { title: 'A question for you', intro: message.trim() }
  const intro = rest.join('\n').trim()
  return { title: first, intro: intro === '' ? null : intro }
}

/** What is to be filled in: the question's fields or, where there are none, a note. */
function shownFields({ fields }: Question): Question['fields'] {
  return fields.length > 0 ? fields : [NOTE_FIELD]
}

const NOTE_FIELD: Question['fields'][number] = {
  name: NOTE,
  label: 'Note',
  type: 'long',
  required: false,
  options: [],
  help: null,
  value: [],
}

/** What stands in the fields of a question at first; what is wrong with it is said when it is sent. */
function atFirst(question: Question): ReadonlyMap<string, Entered> {
  return new Map(
    question.fields.map((field) => [field.name, { ...enteredIn(field, field.value, null), problem: null }]),
  )
}

function closedWords({ decision, decidedAt, expiresAt, via }: ApprovalRow): { heading: string; text: string } {
  const at = decidedAt === null ? '' : ` on ${timeWords(decidedAt)}`
  switch (decision) {
    case 'approved':
    case 'declined':
    case 'chosen': {
      const how = via === 'link' ? 'A link answers once.' : 'It was answered without this link.'
      return { heading: 'This was answered already', text: `It was answered${at}. ${how}` }
    }
    case 'withdrawn':
      return {
        heading: 'This is not asked any more',
        text: `What it belonged to ended${at}, before there was an answer.`,
      }
    case 'expired':
      return { heading: 'The time for an answer is over', text: `It ended${at}. Nothing was changed.` }
    case null:
      return {
        heading: 'The time for an answer is over',
        text:
          expiresAt === null
            ? 'This link has become too old. Ask the person who sent it to answer in Hookline.'
            : `It ended on ${timeWords(expiresAt)}. Nothing was changed.`,
      }
  }
}

/** A time as everyone reads it, wherever they are. */
const timeWords = (ms: number): string => {
  const [day = '', time = ''] = new Date(ms).toISOString().split('T')
  return `${day} at ${time.slice(0, 5)} UTC`
}
