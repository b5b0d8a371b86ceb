import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'

const optionsSchema = z.object({
  lists: z.array(z.string()).default([]),
  /** It came as text: what its declaration says of an encoding is over. */
  isText: z.boolean(),
})

/** Levels of elements. The JSON has at most twice as many. */
const MOST_NESTED = 200

/** The predefined entities of XML 1.0, §4.6. No others are taken: those that a document declares itself can grow without end. */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads XML 1.0 as JSON: elements are fields, repeated ones lists, attributes `@name`, and text beside attributes or elements `#text`. Every value is
 * text.
 */
export const readXml: HeavyTask = async function* (content, given) {
  const { lists, isText } = optionsSchema.parse(given)
  const bytes = await gather(content)
  const text = isText ? new TextDecoder().decode(bytes) : decodeXml(bytes)
  if (text.trim() === '') throw notXml('it is empty', 1, 1)
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw notXml(valid.err.msg.replace(/\.$/, ''), valid.err.line, valid.err.col)
  const asList = new Set(lists)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    cdataPropName: CDATA,
    maxNestedTags: MOST_NESTED,
    // The element around all is one.
    isArray: (name, path) => asList.has(name) && path !== name,
    tagValueProcessor: (_name, value) => withEntities(value),
    attributeValueProcessor: (_name, value) => withEntities(value),
  })
  let value: object
  try {
    value = parser.parse(text)
  } catch (error) {
    throw notXml(error instanceof Error ? error.message : String(error))
  }
  const roots = Object.entries(value ?? {})
  if (roots.length !== 1 || Array.isArray(roots[0]?.[1])) throw notXml('it has more than one element around all')
  yield JSON.stringify(value, (_key, part: unknown) => withoutCdata(part))
}

/** Where the parser puts what stands in CDATA, in which there are no entities. */
const CDATA = '#cdata'

/** CDATA is text like any other. */
function withoutCdata(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !(CDATA in part)) return part
  const { [CDATA]: cdata, '#text': text = '', ...rest } = part as Record<string, unknown> // an object of the parser's
  const whole = `${String(text)}${Array.isArray(cdata) ? cdata.join('') : String(cdata)}`
  return Object.keys(rest).length === 0 ? whole : { ...rest, '#text': whole }
}

/** In the encoding of its mark or its declaration (XML 1.0, appendix F); UTF-8 without one. */
function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes
  const marked =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : first === 0x3c && second === 0
          ? 'utf-16le'
          : first === 0 && second === 0x3c
            ? 'utf-16be'
            : undefined
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const said = /^(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']/.exec(
    head,
  )?.[1]
  try {
    return new TextDecoder(marked ?? said ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const message = `The XML is not in the encoding ${marked ?? said ?? 'utf-8'} that it ${said === undefined ? 'must be in' : 'says'}.`
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
  }
}

/** A text with its predefined and numeric entities in place; others stay as they are written. */
function withEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,10}));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}

function notXml(why: string, line?: number, column?: number): StepError {
  const place = line === undefined ? '' : ` in line ${line}, column ${column}`
  return new StepError({ code: 'bad-input', message: `The XML cannot be read${place}: ${why}.`, retryable: false })
}
