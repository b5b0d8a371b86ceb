import { XMLBuilder } from 'fast-xml-parser'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { decodeWhole } from '../kit/decode-pieces.ts'

const optionsSchema = z.object({ root: z.string().optional() })

/** A name of XML 1.0, §2.3, with the characters that are in use. */
const NAME = /^[\p{L}_:][\p{L}\p{N}._:-]{0,200}$/u

/** Writes JSON as XML 1.0, the way round of `readXml`. */
export const writeXml: HeavyTask = async function* (content, given) {
  const { root } = optionsSchema.parse(given)
  const value: Json = JSON.parse(await decodeWhole(content))
  const document = documentOf(value, root)
  check(document, '')
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    indentBy: '  ',
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    processEntities: true,
  })
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(withoutNulls(document))}`
}

function documentOf(value: Json, root: string | undefined): Json {
  if (root !== undefined) return { [root]: isJsonList(value) ? { item: value } : value }
  const elements = isJsonObject(value) ? Object.entries(value) : []
  const [only] = elements
  if (elements.length === 1 && only !== undefined && !only[0].startsWith('@') && !isJsonList(only[1])) return value
  const message = 'XML has one element around all: give an object with one field, or a name for "root".'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/** The library puts what is null before its neighbours. */
function withoutNulls(value: Json): Json {
  if (value === null) return ''
  if (isJsonList(value)) return value.map(withoutNulls)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutNulls(inner)]))
}

/** Characters that XML 1.0, §2.2, has no place for. */
const NO_CHARACTER = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u

/** Throws a {@link StepError} for what no XML can hold. */
function check(value: Json, path: string): void {
  const place = path === '' ? '' : ` in "${path}"`
  const refuse = (what: string): StepError => new StepError({ code: 'bad-input', message: what, retryable: false })
  if (typeof value === 'string' && (NO_CHARACTER.test(value) || !value.isWellFormed()))
    throw refuse(`A text${place} has a character that no XML can hold, such as U+0001: take it out before.`)
  if (isJsonList(value)) {
    for (const item of value) {
      if (isJsonList(item))
        throw refuse(`A list${place} has a list in it, for which XML has no name: make it an object with a field.`)
      check(item, path)
    }
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (name !== '#text' && !NAME.test(name.replace(/^@/, '')))
        throw refuse(`"${name.slice(0, 80)}"${place} is no name that XML takes: rename the field before.`)
      check(inner, path === '' ? name : `${path}.${name}`.slice(0, 200))
    }
  }
}
