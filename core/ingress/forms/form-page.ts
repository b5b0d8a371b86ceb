import type { FormField } from '../../domain/runs/question.ts'
import { isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import type { Answer } from '../webhook-answer.ts'
import type { Entered } from './form-answers.ts'
import { FORM_STYLE, FORM_STYLE_HASH } from './form-style.ts'

/** A page to be filled in. `entered` is what was entered at an earlier try, or stands there at first; `notice` is said above it. */
export type ShownForm = {
  readonly title: string
  readonly intro: string | null
  /** What there is to look at before it is filled in. */
  readonly details?: Json
  readonly fields: readonly FormField[]
  /** The first is what Enter presses. */
  readonly buttons: readonly { readonly label: string; readonly value: string | null }[]
  /** Where the browser goes when it is sent, if not to another page of ours. */
  readonly leadsTo: string | null
  readonly token: string
  readonly entered: ReadonlyMap<string, Entered>
  /** Of files that are kept from an earlier try: what brings them along, by the names of their fields. */
  readonly kept: ReadonlyMap<string, string>
  readonly notice: string | null
}

/** Names of what goes along beside the answers; no field's name begins so. */
export const TOKEN = '_token'
export const KEPT_PREFIX = '_kept.'
export const BUTTON = '_answer'

/** Choices up to which all of them are shown; more are folded into a list. */
const MOST_SHOWN = 8

/** Fields that are narrow enough to stand in pairs. */
const SHORT: ReadonlySet<FormField['type']> = new Set(['text', 'number', 'date', 'email'])
const MAX_SHORT_LABEL = 30

export function formPage(form: ShownForm): Answer {
  const { title, fields, entered, notice, details = null } = form
  const wrong = fields.filter(({ name }) => (entered.get(name)?.problem ?? null) !== null)
  const isAgain = wrong.length > 0 || notice !== null
  const hasFiles = fields.some(({ type }) => type === 'file')
  // The field that is to be changed first has the focus.
  const first = wrong[0]?.name
  const halves = pairs(fields)
  const rows = fields.map((field) =>
    fieldHtml(field, {
      entered: entered.get(field.name),
      kept: form.kept.get(field.name),
      isHalf: halves.has(field),
      hasFocus: field.name === first,
    }),
  )
  const summary = notice === null ? (wrong.length > 0 ? summaryOf(wrong) : null) : escaped(notice)
  const buttons = form.buttons.map(({ label, value }, at) => {
    const named = value === null ? '' : ` name="${BUTTON}" value="${escaped(value)}"`
    return `<button type="submit"${named}${at === 0 ? '' : ' class="other"'}>${escaped(label)}</button>`
  })
  const content = `<form method="post" novalidate${hasFiles ? ' enctype="multipart/form-data"' : ''}>
<input type="hidden" name="${TOKEN}" value="${escaped(form.token)}">
${summary === null ? '' : `<p class="summary" role="alert">${ALERT}<span>${summary}</span></p>`}
${detailsHtml(details)}<div class="grid">
${rows.join('\n')}
</div>
<p class="send">${buttons.join(' ')}</p>
</form>`
  return htmlAnswer(isAgain ? 422 : 200, {
    title: isAgain ? `Not sent yet – ${title}` : title,
    heading: title,
    intro: form.intro,
    content,
    // Browsers hold a form to this also where the answer leads elsewhere.
    action: form.leadsTo === null ? '' : originOf(form.leadsTo),
  })
}

/** Characters of a value that is shown beside a question. */
const MAX_DETAIL = 20_000
const MAX_DETAILS = 200

/** What to look at before a question is answered: names and values of an object, or the text. */
function detailsHtml(details: Json): string {
  if (details === null || details === '') return ''
  if (!isJsonObject(details)) return `<div class="details"><pre>${detailText(details)}</pre></div>\n`
  const rows = Object.entries(details)
    .slice(0, MAX_DETAILS)
    .map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${detailText(value)}</dd></div>`)
  return rows.length === 0 ? '' : `<dl class="details">${rows.join('')}</dl>\n`
}

function detailText(value: Json): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : textOf(value)
  return escaped(text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL - 1)}…` : text)
}

/** What is shown when a form was sent. */
export function donePage(title: string, message: string, below: string): Answer {
  const content = `<div class="done" role="status">${TICK}<div><p>${escaped(message)}</p><p>${escaped(below)}</p></div></div>`
  return htmlAnswer(200, { title: `Sent – ${title}`, heading: title, intro: null, content })
}

/** A page that says why there is no form, or why it was not taken. */
export function plainPage(
  status: number,
  heading: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  link: { readonly href: string; readonly label: string } | null = null,
): Answer {
  const content = link === null ? '' : `<p class="go"><a href="${escaped(link.href)}">${escaped(link.label)}</a></p>`
  const answer = htmlAnswer(status, { title: heading, heading, intro: text, content })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

function htmlAnswer(
  status: number,
  {
    title,
    heading,
    intro,
    content,
    action = '',
  }: { title: string; heading: string; intro: string | null; content: string; action?: string },
): Answer {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${FORM_STYLE}</style>
</head>
<body>
<main>
<header><h1>${escaped(heading)}</h1>${intro === null ? '' : `<p>${escaped(intro)}</p>`}</header>
${content}
</main>
<footer>Made with Hookline. No scripts, nothing tracked; your answers go only to the person who gave you this address.</footer>
</body>
</html>`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src ${FORM_STYLE_HASH}; img-src data:; form-action 'self'${action === '' ? '' : ` ${action}`}; base-uri 'none'; frame-ancestors 'none'`,
      // The page's own address may be the secret; to itself a browser still says where it comes from.
      'referrer-policy': 'same-origin',
    },
    body,
  }
}

function summaryOf(wrong: readonly FormField[]): string {
  const links = wrong.map(({ name, label }) => `<a href="#${idOf(name)}">${escaped(label)}</a>`)
  const last = links.at(-1) ?? ''
  const listed = links.length > 1 ? `${links.slice(0, -1).join(', ')} and ${last} need` : `${last} needs`
  return `Not sent yet: ${listed} a change. Your other answers are kept.`
}

/** Short fields that stand beside each other: two in a row, and no third. */
function pairs(fields: readonly FormField[]): ReadonlySet<FormField> {
  const isShort = (field: FormField | undefined): boolean =>
    field !== undefined && SHORT.has(field.type) && field.label.length <= MAX_SHORT_LABEL
  const halves = new Set<FormField>()
  for (const [at, field] of fields.entries()) {
    const next = fields[at + 1]
    if (next === undefined || halves.has(field) || !isShort(field) || !isShort(next)) continue
    halves.add(field).add(next)
  }
  return halves
}

type ShownField = {
  readonly entered: Entered | undefined
  readonly kept: string | undefined
  readonly isHalf: boolean
  readonly hasFocus: boolean
}

function fieldHtml(field: FormField, { entered, kept, isHalf, hasFocus }: ShownField): string {
  const { name, type, label, required, options, help } = field
  const id = idOf(name)
  const problem = entered?.problem ?? null
  const texts = entered?.texts ?? []
  const described = [help === null ? '' : `${id}-help`, problem === null ? '' : `${id}-error`].filter(
    (one) => one !== '',
  )
  const attributes = [
    described.length === 0 ? '' : ` aria-describedby="${described.join(' ')}"`,
    problem === null ? '' : ' aria-invalid="true"',
    hasFocus ? ' autofocus' : '',
  ].join('')
  const named = `name="${name}"`
  const must = required ? ' required' : ''
  const words = `${escaped(label)}${required ? '' : ' <small>optional</small>'}`
  const helpHtml = help === null ? '' : `<p class="help" id="${id}-help">${escaped(help)}</p>`
  const errorHtml = problem === null ? '' : `<p class="error" id="${id}-error">${ALERT}${escaped(problem)}</p>`
  const value = ` value="${escaped(texts[0] ?? '')}"`
  const single = (control: string): string =>
    `<div class="field${isHalf ? ' half' : ''}"><label for="${id}">${words}</label>${helpHtml}${control}${errorHtml}</div>`
  const several = (kind: 'radio' | 'checkbox'): string => {
    // The first one takes the focus, and what is said of all.
    const rows = options.map((option, at) => {
      const own = at === 0 ? ` id="${id}"${hasFocus ? ' autofocus' : ''}` : ''
      const isChosen = texts.includes(option) ? ' checked' : ''
      return `<label class="option"><input type="${kind}" ${named} value="${escaped(option)}"${own}${isChosen}${kind === 'radio' ? must : ''}>${escaped(option)}</label>`
    })
    const role = kind === 'radio' ? ' role="radiogroup"' : ''
    return `<fieldset class="field"${role}${attributes.replace(' autofocus', '')}><legend>${words}</legend>${helpHtml}<div class="options">${rows.join('')}</div>${errorHtml}</fieldset>`
  }
  switch (type) {
    case 'long':
      return single(
        `<textarea id="${id}" ${named} rows="5"${must}${attributes}>\n${escaped(texts[0] ?? '')}</textarea>`,
      )
    case 'choice': {
      if (options.length <= MOST_SHOWN) return several('radio')
      const chosen = (option: string): string => (texts[0] === option ? ' selected' : '')
      const rows = options.map((one) => `<option${chosen(one)} value="${escaped(one)}">${escaped(one)}</option>`)
      return single(
        `<select id="${id}" ${named}${must}${attributes}><option value="">Choose…</option>${rows.join('')}</select>`,
      )
    }
    case 'choices':
      return several('checkbox')
    case 'checkbox':
      return `<div class="field"><label class="tick"><input type="checkbox" id="${id}" ${named} value="yes"${texts[0] ? ' checked' : ''}${must}${attributes}><span>${words}</span></label>${helpHtml}${errorHtml}</div>`
    case 'file': {
      const file = entered?.file ?? null
      const before =
        file === null || kept === undefined
          ? ''
          : `<div class="kept"><b>${escaped(file.filename)}</b><span>${sizeText(file.bytes)}, kept from your first try; choose another to replace it</span><input type="hidden" name="${KEPT_PREFIX}${name}" value="${escaped(kept)}"></div>`
      return single(`${before}<input type="file" id="${id}" ${named}${before === '' ? must : ''}${attributes}>`)
    }
    case 'number':
      // As text, so that what is no number comes here and can be shown again.
      return single(`<input type="text" inputmode="decimal" id="${id}" ${named}${value}${must}${attributes}>`)
    case 'text':
    case 'date':
    case 'email':
      return single(`<input type="${type}" id="${id}" ${named}${value}${must}${attributes}>`)
  }
}

const idOf = (name: string): string => `f-${name}`

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function originOf(address: string): string {
  return URL.parse(address)?.origin ?? ''
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

const svg = (size: number, path: string): string =>
  `<svg aria-hidden="true" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`

const ALERT = svg(14, '<circle cx="12" cy="12" r="10"/><path d="M12 8v4M12 16h.01"/>')
const TICK = svg(22, '<circle cx="12" cy="12" r="10"/><path d="m8.5 12 2.5 2.5 4.5-5"/>')
