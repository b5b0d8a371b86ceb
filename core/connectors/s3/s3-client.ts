import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { CredentialFields, CredentialTest } from '../credential.ts'
import { badCredential } from '../providers/server-account.ts'
import { beginSchema, endSchema, type Multipart, PART_BYTES, partsXml, uploadInParts, withTries } from './multipart.ts'
import { canonicalQuery, signedHeaders, signedQuery, uriEncode } from './sign-request.ts'

type Reach = { readonly http: CredentialTest['http']; readonly clock: Clock }
type Answer = Awaited<ReturnType<CredentialTest['http']>>
type Call = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly maxBytes?: number
  readonly use?: 'goodbye'
}

/** An object, as a listing shows it. */
export type S3Object = {
  readonly key: string
  readonly bytes: number
  readonly modifiedAt: string
  readonly etag: string
}

/** Bytes of an object that is put in one go, or fetched from a store that has no parts; larger ones go in parts. */
export const MOST_OBJECT_BYTES = 104_857_600
const MOST_ANSWER_BYTES = 16_777_216
/** Objects of a page of a listing, as S3 has it. */
const PAGE = 1_000

/** Calls a store with an account. `bucket` is that of the step; without it, that of the account. */
export function s3Client(entered: CredentialFields, { http, clock }: Reach, wanted = '') {
  const { endpoint = '', accessKeyId = '', secretAccessKey = '' } = entered
  const base = URL.parse(endpoint.trim())
  if (base === null || !/^https?:$/.test(base.protocol) || base.search !== '' || base.username !== '')
    throw badCredential(
      'The address of the S3 account must be one such as https://s3.eu-central-1.amazonaws.com, without a bucket or a key.',
    )
  const signer = {
    region: entered.region?.trim() || 'us-east-1',
    accessKeyId: accessKeyId.trim(),
    secretAccessKey: secretAccessKey.trim(),
  }
  const bucket = wanted.trim() || (entered.bucket ?? '').trim()

  /** Where an object is, or the bucket, or the store. */
  function placeOf(key: string | undefined, inBucket = true): { path: string; host: string } {
    const root = (base?.pathname ?? '').replace(/\/$/, '')
    const path = `${root}/${inBucket ? uriEncode(bucketName(bucket)) : ''}${key === undefined ? '' : `/${pathOf(key)}`}`
    return { path, host: base?.host ?? '' }
  }

  async function call(
    { method, key, query = {}, headers = {}, body, maxBytes = MOST_ANSWER_BYTES, use }: Call,
    inBucket = true,
  ): Promise<Answer> {
    const { path, host } = placeOf(key, inBucket)
    const search = canonicalQuery(query)
    const answer = await http({
      method,
      url: `${base?.protocol}//${host}${path}${search === '' ? '' : `?${search}`}`,
      headers: signedHeaders({ method, host, path, query, headers, body: body ?? null }, signer, clock.now()),
      body: body ?? null,
      maxBytes,
      use,
    })
    if (answer.status >= 300) throw await refusalOf(answer, { bucket, key: key ?? null })
    return answer
  }

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))

  /** Bytes of an object from one of them on: a part, at most. `etag`: of which version. */
  function partOf(key: string, from: number, etag?: string): Promise<Answer> {
    const range = `bytes=${from}-${from + PART_BYTES - 1}`
    const headers = { range, ...(etag !== undefined && { 'if-match': etag }) }
    return call({ method: 'GET', key, headers, maxBytes: MOST_OBJECT_BYTES })
  }

  /** The first part of an object; all of it where it is empty, or lies there packed: its parts cannot be unpacked one by one. */
  async function firstPart(key: string): Promise<Answer> {
    const whole = (): Promise<Answer> => call({ method: 'GET', key, maxBytes: MOST_OBJECT_BYTES })
    try {
      const first = await partOf(key, 0)
      return first.status !== 206 || isWholePart(first, 0) ? first : await whole()
    } catch (error) {
      if (error instanceof StepError && HAS_NO_PARTS.has(error.details.code)) return whole()
      throw error
    }
  }

  return {
    bucket,
    async put(key: string, body: Uint8Array, contentType: string): Promise<{ etag: string }> {
      const { headers } = await call({ method: 'PUT', key, body, headers: { 'content-type': contentType } })
      return { etag: plainTag(headers.etag) }
    },
    /** Puts what is too large for one request; see {@link uploadInParts}. */
    putInParts(key: string, pieces: AsyncIterable<Uint8Array>, about: { bytes: number; contentType: string }) {
      const calls: Multipart = {
        async begin(contentType) {
          const headers = { 'content-type': contentType }
          const { body } = await call({ method: 'POST', key, query: { uploads: '' }, headers })
          return beginSchema.parse(await readXml(body)).InitiateMultipartUploadResult.UploadId
        },
        async part(uploadId, number, body) {
          const query = { partNumber: String(number), uploadId }
          return (await call({ method: 'PUT', key, query, body })).headers.etag ?? ''
        },
        async end(uploadId, parts) {
          const body = Buffer.from(partsXml(parts), 'utf8')
          const headers = { 'content-type': 'application/xml' }
          const answer = await call({ method: 'POST', key, query: { uploadId }, headers, body })
          // It may go wrong after the status was sent (AWS: “CompleteMultipartUpload”).
          const read = await readXml(answer.body)
          const made = endSchema.safeParse(read).data
          if (made === undefined) throw await refusalOf(answer, { bucket, key })
          return { etag: plainTag(made.CompleteMultipartUploadResult.ETag.replaceAll('&quot;', '')) }
        },
        pause,
        async abort(uploadId) {
          await call({ method: 'DELETE', key, query: { uploadId }, use: 'goodbye' })
        },
      }
      return uploadInParts(calls, pieces, about)
    },
    /** An object of no more than {@link MOST_OBJECT_BYTES}. */
    async get(key: string): Promise<Uint8Array> {
      return (await call({ method: 'GET', key, maxBytes: MOST_OBJECT_BYTES })).body
    },
    /**
     * An object of any size. Its content comes in parts, of which one is held at a time; each is tried again where the store does not answer, and all
     * are of one version: one that is changed meanwhile throws `changed`.
     */
    async open(key: string) {
      const first = await firstPart(key)
      const { headers } = first
      const bytes = first.status === 206 ? (rangeOf(first)?.bytes ?? 0) : first.body.length
      async function* content(): AsyncGenerator<Uint8Array> {
        yield first.body
        for (let from = first.body.length; from < bytes; ) {
          const at = from
          const part = await withTries({ pause }, () => partOf(key, at, headers.etag))
          const { body } = part
          if (!isWholePart(part, at)) throw notThatPart()
          yield body
          from += body.length
        }
      }
      return { content: content(), ...factsOf(headers) }
    },
    /** Copies within the store. One that cannot be copied after all may be told inside an answer of success (AWS: “CopyObject”). */
    async copy(from: string, to: string, fromBucket = ''): Promise<{ etag: string }> {
      const source = `/${uriEncode(bucketName(fromBucket.trim() || bucket))}/${pathOf(from)}`
      const answer = await call({ method: 'PUT', key: to, headers: { 'x-amz-copy-source': source } })
      const read = answer.body.length === 0 ? {} : await readXml(answer.body)
      if (errorSchema.safeParse(read).success) throw await refusalOf(answer, { bucket, key: from })
      return { etag: plainTag(copySchema.safeParse(read).data?.CopyObjectResult.ETag.replaceAll('&quot;', '')) }
    },
    /** What is known of an object; null where there is none. */
    async head(key: string) {
      try {
        const { headers } = await call({ method: 'HEAD', key })
        return { bytes: Number(headers['content-length'] ?? 0), ...factsOf(headers) }
      } catch (error) {
        if (error instanceof StepError && error.details.code === 'no-file') return null
        throw error
      }
    },
    /** An address at which an object can be fetched for some seconds. */
    link(key: string, seconds: number): string {
      const { path, host } = placeOf(key)
      return `${base.protocol}//${host}${path}?${signedQuery({ host, path, seconds }, signer, clock.now())}`
    },
    async remove(key: string): Promise<void> {
      await call({ method: 'DELETE', key })
    },
    /** The objects whose keys begin with a prefix; with a delimiter, what is deeper is told as folders. */
    async list(prefix: string, delimiter: string, limit: number) {
      const objects: S3Object[] = []
      const folders: string[] = []
      let token: string | null = null
      do {
        const query: Record<string, string> = {
          'list-type': '2',
          'encoding-type': 'url',
          'max-keys': String(Math.min(PAGE, limit - objects.length)),
          ...(prefix !== '' && { prefix }),
          ...(delimiter !== '' && { delimiter }),
          ...(token !== null && { 'continuation-token': token }),
        }
        const page = listSchema.parse(await readXml((await call({ method: 'GET', query })).body)).ListBucketResult
        objects.push(...page.Contents.map(objectOf))
        folders.push(...page.CommonPrefixes.map((one) => decoded(one.Prefix)))
        token = page.IsTruncated === 'true' ? (page.NextContinuationToken ?? null) : null
      } while (token !== null && objects.length < limit)
      return { objects: objects.slice(0, limit), folders, more: token !== null || objects.length > limit }
    },
    /** Looks whether the account is taken, and says what it sees. */
    async whoIs(): Promise<string> {
      const where = `${signer.accessKeyId} at ${base.host}`
      if (bucket !== '') {
        await call({ method: 'GET', query: { 'list-type': '2', 'max-keys': '1' } })
        return `${where}, bucket ${bucket}`
      }
      const { body } = await call({ method: 'GET' }, false)
      const { Buckets } = bucketsSchema.parse(await readXml(body)).ListAllMyBucketsResult
      const count = Buckets === '' ? 0 : Buckets.Bucket.length
      return `${where}, ${count} bucket${count === 1 ? '' : 's'}`
    },
  }
}

const factsOf = (headers: Answer['headers']) => ({
  contentType: headers['content-type'] ?? 'application/octet-stream',
  etag: plainTag(headers.etag),
  modifiedAt: isoOf(headers['last-modified']),
})

/** Where a part begins and ends in its object, and how large that is (RFC 9110, 14.4); undefined where it is not said. */
function rangeOf({ headers }: Answer): { from: number; to: number; bytes: number } | undefined {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '')
  return found === null ? undefined : { from: Number(found[1]), to: Number(found[2]), bytes: Number(found[3]) }
}

/** Whether an answer is the part that begins there, as the object has it. */
function isWholePart(answer: Answer, from: number): boolean {
  const range = rangeOf(answer)
  return range?.from === from && answer.body.length > 0 && range.to - from + 1 === answer.body.length
}

const notThatPart = (): StepError =>
  new StepError({ code: 'no-s3', message: 'The store answers with another part than was asked for.', retryable: false })

function bucketName(bucket: string): string {
  // The rules of names (AWS: “Bucket naming rules”), and the older ones with capital letters and underscores.
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(bucket) && !bucket.includes('..')) return bucket
  const message =
    bucket === ''
      ? 'No bucket is named: name one in the step, or in the account.'
      : `"${bucket.slice(0, 100)}" is no name of a bucket, such as reports-2026.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/** The path of a key. An address cannot lead through `.` and `..`, which would be another object on the way. */
function pathOf(key: string): string {
  const parts = key.split('/')
  const problem =
    key === '' || Buffer.byteLength(key, 'utf8') > 1_024
      ? 'has between 1 and 1,024 bytes'
      : !key.isWellFormed()
        ? 'must be whole characters'
        : parts.some((part) => part === '.' || part === '..')
          ? 'must not have a part that is . or ..'
          : null
  if (problem === null) return parts.map(uriEncode).join('/')
  throw new StepError({
    code: 'bad-input',
    message: `The key "${key.slice(0, 100)}" cannot be used: a key ${problem}.`,
    retryable: false,
  })
}

const one = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).default([])
const listSchema = z.object({
  ListBucketResult: z.object({
    IsTruncated: z.string().default('false'),
    NextContinuationToken: z.string().optional(),
    Contents: one(
      z.object({
        Key: z.string(),
        Size: z.string().default('0'),
        LastModified: z.string().default(''),
        ETag: z.string().default(''),
      }),
    ),
    CommonPrefixes: one(z.object({ Prefix: z.string() })),
  }),
})
const bucketsSchema = z.object({
  ListAllMyBucketsResult: z.object({
    Buckets: z
      .union([z.literal(''), z.object({ Bucket: z.array(z.looseObject({ Name: z.string() })).default([]) })])
      .default(''),
  }),
})
const copySchema = z.object({ CopyObjectResult: z.looseObject({ ETag: z.string().default('') }) })
const errorSchema = z.object({ Error: z.object({ Code: z.string(), Message: z.string().default('') }) })

async function readXml(body: Uint8Array): Promise<unknown> {
  const { XMLParser } = await import('fast-xml-parser')
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === 'Contents' || name === 'CommonPrefixes' || name === 'Bucket',
  })
  try {
    return parser.parse(Buffer.from(body).toString('utf8'))
  } catch (error) {
    const message = 'What answers there is no S3: look at the address of the account.'
    throw new StepError({ code: 'no-s3', message, retryable: false }, { cause: error })
  }
}

const objectOf = ({
  Key,
  Size,
  LastModified,
  ETag,
}: {
  Key: string
  Size: string
  LastModified: string
  ETag: string
}): S3Object => ({
  key: decoded(Key),
  bytes: Number(Size),
  modifiedAt: isoOf(LastModified),
  etag: plainTag(ETag),
})

/** A key as a listing has it with `encoding-type=url`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const plainTag = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '')

function isoOf(date: string | undefined): string {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}

const NO_SUCH_PART = 'no-such-part'
const HAS_NO_PARTS: ReadonlySet<string> = new Set([NO_SUCH_PART, 'bad-encoding'])
const SENTENCES: Readonly<Record<string, readonly [code: string, sentence: string, retryable: boolean]>> = {
  NoSuchKey: ['no-file', 'There is no such object', false],
  NoSuchBucket: ['no-bucket', 'There is no such bucket', false],
  InvalidAccessKeyId: [
    'sign-in',
    'The store does not know this access key id: enter it again under Credentials',
    false,
  ],
  SignatureDoesNotMatch: [
    'sign-in',
    'The store does not take this secret access key: enter it again under Credentials, with its region',
    false,
  ],
  AuthorizationHeaderMalformed: ['bad-credential', 'The region of the account is another one', false],
  PermanentRedirect: [
    'bad-credential',
    'The bucket is at another address, or in another region: correct the account',
    false,
  ],
  AccessDenied: ['forbidden', 'The account may not do that', false],
  RequestTimeTooSkewed: ['clock', 'The clock of this computer is wrong', false],
  SlowDown: ['busy', 'The store asks to wait', true],
  ServiceUnavailable: ['busy', 'The store takes no request at the moment', true],
  // Also inside an answer that began well, as of a copy (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
  InternalError: ['busy', 'The store failed', true],
  RequestTimeout: ['busy', 'The store waited too long for what was sent', true],
  PreconditionFailed: ['changed', 'The object was changed while it was read', true],
  InvalidRange: [NO_SUCH_PART, 'The object is shorter than it was said to be', true],
  OperationAborted: ['busy', 'Something else is changing that at the moment', true],
}

/** What a store says, for a person. */
async function refusalOf(
  { status, body }: Answer,
  { bucket, key }: { bucket: string; key: string | null },
): Promise<StepError> {
  const read =
    body.length === 0 ? undefined : errorSchema.safeParse(await readXml(body).catch(() => undefined)).data?.Error
  const named =
    read?.Code ??
    (
      {
        403: 'AccessDenied',
        404: key === null ? 'NoSuchBucket' : 'NoSuchKey',
        412: 'PreconditionFailed',
        416: 'InvalidRange',
        503: 'ServiceUnavailable',
      } as Record<number, string>
    )[status] ??
    ''
  const [code, sentence, retryable] = SENTENCES[named] ?? [
    `http-${status}`,
    'The store refuses that',
    status >= 500 || status === 429,
  ]
  const place = key === null ? bucket : `${key.slice(0, 200)} in ${bucket}`
  const says = read === undefined ? `status ${status}` : `${read.Code}: ${read.Message.slice(0, 300)}`
  return new StepError({ code, message: `${sentence} (${place}): ${says}${/[.!?]$/.test(says) ? '' : '.'}`, retryable })
}
