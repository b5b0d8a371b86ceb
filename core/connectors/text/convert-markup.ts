import { convert } from 'html-to-text'
import { marked } from 'marked'
import sanitizeHtml from 'sanitize-html'
import TurndownService from 'turndown'
import { z } from 'zod'
import type { HeavyTask } from '../heavy-work.ts'
import { decodeWhole } from '../kit/decode-pieces.ts'

export const FORMATS = { from: ['markdown', 'html'], to: ['html', 'markdown', 'text'] } as const

const optionsSchema = z.object({ from: z.enum(FORMATS.from), to: z.enum(FORMATS.to) })

/**
 * Converts between Markdown (CommonMark with tables and task lists, as GitHub has it), HTML and plain text. HTML that comes out has no scripts,
 * styles, forms or frames, and links to web and mail addresses alone.
 */
export const convertMarkup: HeavyTask = async function* (content, given) {
  const { from, to } = optionsSchema.parse(given)
  const text = await decodeWhole(content)
  if (from === 'markdown' && to === 'markdown') {
    yield text
    return
  }
  const html = safe(from === 'html' ? text : await marked.parse(text, { async: false, gfm: true }))
  yield to === 'html' ? html : to === 'markdown' ? toMarkdown(html) : toText(html)
}

function safe(html: string): string {
  return sanitizeHtml(html, {
    allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'del', 'ins', 'input'],
    allowedAttributes: {
      a: ['href', 'title'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      td: ['align', 'colspan', 'rowspan'],
      th: ['align', 'colspan', 'rowspan'],
      ol: ['start'],
      code: ['class'],
      // The boxes of a task list.
      input: [{ name: 'type', multiple: false, values: ['checkbox'] }, 'checked', 'disabled'],
    },
    allowedClasses: { code: ['language-*'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nestingLimit: 200,
    // Of an input that is no box nothing stays.
    exclusiveFilter: ({ tag, attribs }) => tag === 'input' && attribs.type !== 'checkbox',
  })
}

function toMarkdown(html: string): string {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
  })
  service.addRule('struck', { filter: ['del', 's'], replacement: (inner) => `~~${inner}~~` })
  return service.turndown(html)
}

function toText(html: string): string {
  return convert(html, {
    wordwrap: false,
    limits: { maxDepth: 200, maxInputLength: 67_108_864 },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  })
}
