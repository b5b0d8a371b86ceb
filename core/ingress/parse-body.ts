import { plainFilename } from '../domain/values/file-name.ts'
import type { Json } from '../domain/values/json.ts'
import { type JsonText, SMALL_JSON } from '../domain/values/json-text.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import { type BodyText, bodyText, isXml, readContentType } from './body-text.ts'
import type { JsonReader } from './json-reader.ts'
import { gather, readFields } from './parse-form.ts'
import { type FormFile, type Part, readParts } from './parse-multipart.ts'

/** What a request's body says. */
export type ParsedBody = {
  readonly body: Json
  /** Where it could not be read as what it claims to be, or something had to be guessed. */
  readonly note: string | null
  /** The text that came, where `body` was read from a text that does not call itself JSON. */
  readonly rawBody?: string
  /** `body` stands for a kept file with the very bytes. */
  readonly isFile?: true
  /** The text that came, if UTF-8 of it is the very bytes. */
  readonly exactText?: string
  /** It claims to be JSON, and nests too deeply to be taken in. */
  readonly isTooDeep?: true
}

/** What bodies are read with. */
export type BodyTools = {
  readonly json: Pick<JsonReader, 'read'>
  /** Keeps what is large beside the database; resolves when it is on the disk. */
  keepBytes(content: Uint8Array): Promise<LargeValue>
}

/** Reads the bodies that senders send. */
export type BodyReader = {
  /**
   * Reads a body by its content type: JSON, form, multipart and text as what they are, and JSON also where it is sent as something else; what claims to
   * be JSON and is not, stays text; what is no text at all becomes a file. Nothing is ever refused here but what nests too deeply, because what was
   * sent should not be lost. A small body is read at once, unless it has to go into files.
   */
  parse(raw: Uint8Array, contentType: string | undefined): ParsedBody | Promise<ParsedBody>
}

/** Types of which the bytes count, whether or not they happen to be text. */
const BINARY =
  /^(?:image|audio|video|font)\/(?!svg\+xml$)|^application\/(?:octet-stream|pdf|zip|gzip|x-tar|x-7z-compressed|x-protobuf|protobuf|msgpack|cbor)$/

/** Types that say JSON. */
const JSON_TYPE = /^application\/json$|\+json$/
/** Types that say it in other words; zaps that were made when these were text find that in `rawBody`. */
const ALSO_JSON = /^(?:text|application)\/(?:x-)?json$|^application\/(?:csp-report|x-amz-json-1\.[01])$/
/** Lines of JSON. */
const JSON_LINES = /^(?:application|text)\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)$/
/** Types of text in another language, in which a bracket at the start means something else. */
const NOT_JSON =
  /^text\/(?:html|css|csv|tab-separated-values|markdown|javascript|calendar|vcard|yaml|x-.{1,40})$|^application\/(?:xhtml\+xml|javascript|yaml|x-yaml|graphql|sql|rtf|toml)$/

const NOT_VALID = 'The body is not valid JSON; it is kept as text.'
const TOO_HEAVY = 'The body is JSON that takes too long to be read; it is kept as text.'
const GUESSED = 'Some of its characters are not UTF-8; they were read as Windows-1252.'

const MANY_LINES = 'It is large, so its lines are kept as one text.'

/** Whether a text may be a JSON list or object. */
const BEGINS_AS_JSON = /^[\ufeff\s]*[[{]/

export function createBodyReader({ keepBytes, json }: BodyTools): BodyReader {
  function parse(raw: Uint8Array, contentType: string | undefined): ParsedBody | Promise<ParsedBody> {
    if (raw.length === 0) return { body: null, note: null }
    const content = readContentType(contentType)
    const { type } = content
    if (type === 'multipart/form-data') return parseMultipart(raw, contentType ?? '')
    const decoded = BINARY.test(type) ? null : bodyText(raw, content)
    if (decoded === null) return keptFile(raw, null)
    const { text, note } = decoded
    if (JSON_TYPE.test(type)) return then(json.read(text), (read) => fromJson(read, decoded, NOT_VALID))
    if (ALSO_JSON.test(type)) return then(json.read(text), (read) => alsoJson(read, text, note, NOT_VALID))
    if (JSON_LINES.test(type)) return parseLines(text, note)
    if (type === 'application/x-www-form-urlencoded') return parseFormBody(text, content.charset, note)
    if (isXml(type) || NOT_JSON.test(type) || !BEGINS_AS_JSON.test(text)) return { body: text, note }
    // Senders that name no type mostly mean JSON, and some send it as text (AWS SNS); what does not parse is simply text.
    return then(json.read(text), (read) =>
      type === '' ? fromJson(read, decoded, null) : alsoJson(read, text, note, null),
    )
  }

  async function keptFile(raw: Uint8Array, note: string | null): Promise<ParsedBody> {
    return { body: await keepBytes(raw), note, isFile: true }
  }

  /** JSON that its sender called a form, as `curl -d` does; a form would have its brackets written as `%7B`. */
  function parseFormBody(text: string, charset: string, note: string | null): ParsedBody | Promise<ParsedBody> {
    if (!BEGINS_AS_JSON.test(text)) return parseFields(text, charset, note)
    return then(json.read(text), (read) =>
      read.kind === 'json' ? fromJson(read, { text, note, isExact: false }, null) : parseFields(text, charset, note),
    )
  }

  function parseFields(text: string, charset: string, textNote: string | null): ParsedBody | Promise<ParsedBody> {
    const form = readFields(text, charset)
    if (form === null)
      return { body: text, note: 'The form has too many fields, or too long a name; it is kept as text.' }
    const note = form.isGuessed ? joined(textNote, GUESSED) : textNote
    if (!form.fields.some(([, value]) => BEGINS_AS_JSON.test(value))) return { body: gather(form.fields), note }
    return then(readAll(form.fields), ({ fields, notes, isAny }) => ({
      body: gather(fields),
      note: joined(note, ...notes),
      ...(isAny ? { rawBody: text } : {}),
    }))
  }

  async function parseMultipart(raw: Uint8Array, contentType: string): Promise<ParsedBody> {
    let parts: readonly (readonly [string, Part])[]
    try {
      parts = await readParts(raw, contentType)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return keptFile(raw, `The form could not be read, so it is kept as a file: ${why}`)
    }
    const kept: [string, string | FormFile][] = []
    for (const [name, part] of parts) kept.push([name, typeof part === 'string' ? part : await keptPart(part)])
    const { fields, notes } = await readAll(kept)
    return { body: gather(fields), note: joined(null, ...notes) }
  }

  async function keptPart({ filename, contentType, content }: Exclude<Part, string>): Promise<FormFile> {
    return { filename: plainFilename(filename), contentType, bytes: content.length, content: await keepBytes(content) }
  }

  /** Fields, with JSON in place of text that is such: Slack, GitHub and others send an object as a form's field. */
  function readAll(fields: readonly (readonly [string, Json])[]): FieldsRead | Promise<FieldsRead> {
    let before = 0
    const read = fields.map(([, value]) => {
      if (typeof value !== 'string' || !BEGINS_AS_JSON.test(value)) return null
      before += value.length
      return json.read(value, before - value.length)
    })
    const gathered = (found: readonly (JsonText | null)[]): FieldsRead => ({
      fields: fields.map(([name, value], at): [string, Json] => {
        const of = found[at]
        return [name, of?.kind === 'json' ? of.value : value]
      }),
      notes: found.map((of) => (of?.kind === 'json' ? of.note : null)),
      isAny: found.some((of) => of?.kind === 'json'),
    })
    const isSlow = read.some((of) => of instanceof Promise)
    return isSlow ? Promise.all(read).then(gathered) : gathered(read as (JsonText | null)[]) // none is a promise
  }

  /** A list of what the lines hold; text as it is when one of them is no JSON. */
  function parseLines(text: string, note: string | null): ParsedBody | Promise<ParsedBody> {
    if (text.length > SMALL_JSON) return { body: text, note: joined(note, MANY_LINES) }
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    // A line that holds two values would make the list longer.
    return then(json.read(`[${lines.join(',')}]`), (read) => {
      const isWhole = read.kind === 'json' && Array.isArray(read.value) && read.value.length === lines.length
      return isWhole ? alsoJson(read, text, note, NOT_VALID) : { body: text, note: joined(note, NOT_VALID) }
    })
  }

  return { parse }
}

type FieldsRead = {
  readonly fields: readonly (readonly [string, Json])[]
  readonly notes: readonly (string | null)[]
  readonly isAny: boolean
}

/** `invalid`: what to say of a text that is no JSON. */
function fromJson(read: JsonText, { text, note, isExact }: BodyText, invalid: string | null): ParsedBody {
  if (read.kind === 'json') {
    const { value, isFile } = read
    return {
      body: value,
      note: note === null && read.note === null ? null : joined(note, read.note),
      ...(isExact && { exactText: text }),
      ...(isFile && read.note === null && note === null && { isFile }),
    }
  }
  if (read.kind === 'too-deep')
    return { body: text, note: joined(note, invalid), ...(invalid !== null && { isTooDeep: true }) }
  return { body: text, note: joined(note, read.kind === 'too-heavy' ? TOO_HEAVY : invalid) }
}

/** As {@link fromJson}, for what does not call itself JSON, or did not count as such once: its text is kept beside it, unless it is large. */
function alsoJson(read: JsonText, text: string, note: string | null, invalid: string | null): ParsedBody {
  const isList = read.kind === 'json' && typeof read.value === 'object' && read.value !== null
  if (read.kind === 'json' && !isList) return { body: text, note }
  const parsed = fromJson(read, { text, note, isExact: false }, invalid)
  return read.kind === 'json' && text.length <= SMALL_JSON ? { ...parsed, rawBody: text } : parsed
}

function joined(...notes: readonly (string | null)[]): string | null {
  const all = [...new Set(notes.filter((note) => note !== null))]
  return all.length === 0 ? null : all.slice(0, MAX_NOTES).join(' ')
}

/** Notes that are told of one body. */
const MAX_NOTES = 3

/** Goes on with a value at once, or when it is there. */
function then<Value, Result>(
  value: Value | Promise<Value>,
  goOn: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}
