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
    // None are let through, and so none are read.
    parseStyleAttributes: false,
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
  service.addRule('head', { filter: 'th', replacement: (inner, node) => cellOf(inner, node, true) })
  service.addRule('cell', { filter: 'td', replacement: (inner, node) => cellOf(inner, node, false) })
  service.addRule('row', { filter: 'tr', replacement: (inner) => inner + ROW })
  service.addRule('part', { filter: ['thead', 'tbody', 'tfoot'], replacement: (inner) => inner })
  service.addRule('table', { filter: 'table', replacement: tableOf })
  service.addRule('task', {
    filter: (node) => node.nodeName === 'INPUT' && node.getAttribute('type') === 'checkbox',
    replacement: (_inner, node) => (attributeOf(node, 'checked') === null ? '[ ] ' : '[x] '),
  })
  service.addRule('struck', { filter: ['del', 's'], replacement: (inner) => `~~${inner}~~` })
  return service.turndown(html.replaceAll(CELL, '').replaceAll(ROW, ''))
}

/** Between the cells and rows of a table, while it is put together; neither is left in what comes in. */
const [CELL, ROW] = ['\u0001', '\u0002']

/** What a cell says of itself before its text: whether it is a head, how it is aligned, and over how many columns it goes. */
function cellOf(inner: string, node: unknown, isHead: boolean): string {
  const align = attributeOf(node, 'align')?.toLowerCase() ?? ''
  const span = Number(attributeOf(node, 'colspan') ?? 1)
  const columns = Number.isInteger(span) && span > 1 ? Math.min(span, MOST_COLUMNS) : 1
  const text = inner
    .trim()
    .replace(/\|/g, '\\|')
    .split('\n')
    .map((line) => line.trim())
    .filter((line, at, lines) => line !== '' || at === 0 || at === lines.length - 1)
    .join('<br>')
  return `${CELL}${isHead ? 'h' : 'd'}${align.charAt(0) || '-'}${columns};${text}`
}

/**
 * A table as GitHub's Markdown has it (https://github.github.com/gfm/#tables-extension-), which has no cells over several columns or rows and no more than
 * text in one: what spans is followed by empty cells, and lines in a cell become `<br>`. A table without heads gets empty ones.
 */
function tableOf(inner: string): string {
  const rows = inner
    .split(ROW)
    .map((row) => row.split(CELL).slice(1).map(readCell))
    .filter((cells) => cells.length > 0)
  const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, { columns }) => sum + columns, 0)
  const width = Math.min(MOST_COLUMNS, Math.max(0, ...rows.map(widthOf)))
  if (width === 0) return '\n\n'
  const lines = rows.map((cells) => {
    const texts = cells.flatMap(({ text, columns }) => [text, ...Array.from({ length: columns - 1 }, () => '')])
    return lineOf([...texts, ...Array.from({ length: Math.max(0, width - texts.length) }, () => '')])
  })
  const first = rows[0] ?? []
  const hasHead = first.every(({ isHead }) => isHead)
  const marks = Array.from({ length: width }, (_, at) => MARKS[first[at]?.align ?? ''] ?? '---')
  const head = hasHead ? lines.slice(0, 1) : [lineOf(Array.from({ length: width }, () => ''))]
  return `\n\n${[...head, lineOf(marks), ...lines.slice(hasHead ? 1 : 0)].join('\n')}\n\n`
}

type Cell = { readonly isHead: boolean; readonly align: string; readonly columns: number; readonly text: string }

function readCell(text: string): Cell {
  const end = text.indexOf(';')
  return {
    isHead: text.startsWith('h'),
    align: text.charAt(1),
    columns: Number(text.slice(2, end)),
    text: text.slice(end + 1).trim(),
  }
}

const MOST_COLUMNS = 1_000
const MARKS: Readonly<Record<string, string>> = { l: ':--', c: ':-:', r: '--:' }
const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** An attribute of a node of the library's own tree, of which its types say nothing. */
function attributeOf(node: unknown, name: string): string | null {
  if (typeof node !== 'object' || node === null || !('getAttribute' in node)) return null
  const { getAttribute } = node
  if (typeof getAttribute !== 'function') return null
  const value: unknown = Reflect.apply(getAttribute, node, [name])
  return typeof value === 'string' ? value : null
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
