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
  checkNames(document, '')
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    indentBy: '  ',
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    processEntities: true,
  })
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`
}

function documentOf(value: Json, root: string | undefined): Json {
  if (root !== undefined) return { [root]: isJsonList(value) ? { item: value } : value }
  const elements = isJsonObject(value) ? Object.entries(value) : []
  const [only] = elements
  if (elements.length === 1 && only !== undefined && !only[0].startsWith('@') && !isJsonList(only[1])) return value
  const message = 'XML has one element around all: give an object with one field, or a name for "root".'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

function checkNames(value: Json, path: string): void {
  if (isJsonList(value)) for (const item of value) checkNames(item, path)
  else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (name !== '#text' && !NAME.test(name.replace(/^@/, ''))) {
        const message = `"${name.slice(0, 80)}"${path === '' ? '' : ` in "${path}"`} is no name that XML takes: rename the field before.`
        throw new StepError({ code: 'bad-input', message, retryable: false })
      }
      checkNames(inner, path === '' ? name : `${path}.${name}`.slice(0, 200))
    }
  }
}
