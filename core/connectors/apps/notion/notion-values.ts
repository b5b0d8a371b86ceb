import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { readPath, valueAt } from '../../kit/path.ts'

/** A page as steps read it: its title, and its properties as plain values by their names. */
export function shownPage(page: Json): { [name: string]: Json } {
  const of = isJsonObject(page) ? page : {}
  const properties = isJsonObject(of.properties ?? null)
    ? Object.entries(Object(of.properties) as { [name: string]: Json })
    : []
  const title = properties.find(([, one]) => isJsonObject(one) && one.type === 'title')
  const own = valueAt(page, readPath('title')) ?? valueAt(page, readPath('name'))
  return {
    id: of.id ?? '',
    url: of.url ?? '',
    title: title === undefined ? plain(own ?? null) : plain(valueAt(title[1], readPath('title')) ?? null),
    createdAt: of.created_time ?? '',
    editedAt: of.last_edited_time ?? '',
    properties: Object.fromEntries(properties.map(([name, one]) => [name, shownValue(one)])),
  }
}

/** A text that stands in pieces. */
function plain(pieces: Json): string {
  if (typeof pieces === 'string') return pieces
  if (!isJsonList(pieces)) return ''
  return pieces
    .map((one) => textOf(valueAt(one, readPath('plain_text')) ?? valueAt(one, readPath('text.content')) ?? ''))
    .join('')
}

/** The value of a property of any type (https://developers.notion.com/reference/page-property-values). */
function shownValue(property: Json): Json {
  if (!isJsonObject(property) || typeof property.type !== 'string') return null
  const value = property[property.type] ?? null
  switch (property.type) {
    case 'title':
    case 'rich_text':
      return plain(value)
    case 'select':
    case 'status':
      return isJsonObject(value) ? (value.name ?? null) : null
    case 'multi_select':
      return isJsonList(value) ? value.map((one) => (isJsonObject(one) ? (one.name ?? '') : '')) : []
    case 'date':
      return isJsonObject(value) ? (value.end == null ? (value.start ?? null) : value) : null
    case 'people':
    case 'relation':
    case 'files':
      return isJsonList(value) ? value.map((one) => (isJsonObject(one) ? (one.name ?? one.id ?? '') : '')) : []
    case 'formula':
      return isJsonObject(value) && typeof value.type === 'string' ? (value[value.type] ?? null) : null
    case 'unique_id':
      return isJsonObject(value)
        ? `${value.prefix ? `${textOf(value.prefix)}-` : ''}${textOf(value.number ?? '')}`
        : null
    default:
      return value
  }
}

/**
 * Plain values by names in the form that each property has in Notion. `schema`: a data source, or a page that has the properties.
 *
 * @throws StepError `no-property` for a name that is none, and `bad-input` for a property that cannot be written.
 */
export function propertiesOf(schema: Json, given: Json | undefined): Json {
  const known =
    isJsonObject(schema) && isJsonObject(schema.properties ?? null)
      ? (Object(schema.properties) as { [name: string]: Json })
      : {}
  const values = given !== undefined && isJsonObject(given) ? Object.entries(given) : []
  return Object.fromEntries(
    values.map(([name, value]) => {
      const property = Object.hasOwn(known, name) ? known[name] : undefined
      const type = property !== undefined && isJsonObject(property) ? property.type : undefined
      if (typeof type !== 'string') {
        const message = `There is no property "${name}": there are ${Object.keys(known).slice(0, 30).join(', ')}.`
        throw new StepError({ code: 'no-property', message, retryable: false })
      }
      return [name, { [type]: writtenValue(name, type, value ?? null) }]
    }),
  )
}

/** What Notion takes in one piece of a text. */
const LONGEST_PIECE = 2_000

function pieces(text: string): Json[] {
  const parts: Json[] = []
  for (let at = 0; at < text.length; at += LONGEST_PIECE)
    parts.push({ text: { content: text.slice(at, at + LONGEST_PIECE) } })
  return parts
}

function writtenValue(name: string, type: string, value: Json): Json {
  const isEmpty = value === null || value === ''
  const listed = isJsonList(value)
    ? value
    : isEmpty
      ? []
      : textOf(value)
          .split(',')
          .map((part) => part.trim())
  switch (type) {
    case 'title':
    case 'rich_text':
      return pieces(textOf(value ?? ''))
    case 'number': {
      const number = isEmpty ? null : Number(value)
      if (number !== null && !Number.isFinite(number)) throw wrong(name, 'a number', value)
      return number
    }
    case 'checkbox':
      return value === true || (typeof value === 'string' && /^(true|yes|1)$/i.test(value.trim()))
    case 'select':
    case 'status':
      return isEmpty ? null : { name: textOf(value) }
    case 'multi_select':
      return listed.map((one) => ({ name: textOf(one) }))
    case 'date':
      return isEmpty ? null : isJsonObject(value) ? value : { start: textOf(value) }
    case 'relation':
    case 'people':
      return listed.map((one) => ({ id: textOf(one) }))
    case 'url':
    case 'email':
    case 'phone_number':
      return isEmpty ? null : textOf(value)
    case 'files':
      return listed.map((one) => ({ name: textOf(one).split('/').at(-1) ?? 'file', external: { url: textOf(one) } }))
    default:
      throw wrong(name, `of the type ${type}, which Notion fills in itself`, value)
  }
}

function wrong(name: string, what: string, value: Json): StepError {
  const message = `The property "${name}" is ${what}, and cannot be ${JSON.stringify(value).slice(0, 80)}.`
  return new StepError({ code: 'bad-input', message, retryable: false })
}

/** Most blocks that Notion takes at once. */
const MOST_BLOCKS = 100

/** Text as blocks: paragraphs with an empty line between them, headings behind "#", lists behind "-". */
export function blocksOf(text: string): Json[] {
  const blocks: Json[] = []
  const add = (type: string, content: string): void => {
    blocks.push({ object: 'block', type, [type]: { rich_text: pieces(content) } })
  }
  let paragraph: string[] = []
  const end = (): void => {
    if (paragraph.length > 0) add('paragraph', paragraph.join('\n'))
    paragraph = []
  }
  for (const line of text.split(/\r?\n/)) {
    const [, marks = '', rest = ''] = /^(#{1,3}|[-*]|\d{1,9}\.)\s+(.*)$/.exec(line) ?? []
    if (marks === '') {
      if (line.trim() === '') end()
      else paragraph.push(line)
      continue
    }
    end()
    add(
      marks.startsWith('#')
        ? `heading_${marks.length}`
        : /\d/.test(marks)
          ? 'numbered_list_item'
          : 'bulleted_list_item',
      rest,
    )
  }
  end()
  if (blocks.length <= MOST_BLOCKS) return blocks
  const message = `The content has ${blocks.length} paragraphs, and Notion takes ${MOST_BLOCKS} at once: append the rest with another step.`
  throw new StepError({ code: 'too-large', message, retryable: false })
}
