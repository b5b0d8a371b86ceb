import type { Slice } from '../../domain/openapi/api.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { LAZY_BYTES } from '../../domain/values/large-value.ts'
import type { ActionContext, FetchResponse } from '../action-context.ts'
import type { CredentialRef } from '../credential.ts'
import { encodeParts } from '../kit/encode-parts.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { openSource, withSource } from '../kit/file-value.ts'
import { type AnswerBody, largeType, readBody } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'
import type { ServiceContext } from '../service-context.ts'
import { addressOf } from './fields.ts'
import { type FilePart, type OperationBody, operationRequest } from './operation-request.ts'

/** What an operation may be sent with: files only where there is a run. */
type Reach = Pick<ServiceContext, 'http' | 'large' | 'clock' | 'idempotencyKey'> &
  Partial<Pick<ActionContext<unknown>, 'files'>>

/** What an operation is sent with, as its step was filled in. */
export type OperationCall = {
  readonly slice: Slice
  readonly address?: string | undefined
  readonly credential?: CredentialRef | undefined
  readonly input: JsonObject
  /** Where it is sent, in place of {@link operationAddress}: another page of what is there. */
  readonly url?: URL
}

/** The address to which an operation is sent as its step was filled in. */
export function operationAddress({ slice, address, input }: OperationCall): URL {
  return operationRequest(slice, addressOf({ address }, slice), input).url
}

/** Bytes of an answer. */
const MOST_BYTES = 67_108_864

/** The description that a zap carries for a step. Throws a {@link StepError} where it carries none. */
export function carriedSlice(input: {
  readonly slice?: Slice | undefined
  readonly app: string
  readonly operation: string
}): Slice {
  if (input.slice !== undefined) return input.slice
  const message = `The zap does not know the operation "${input.operation}" of the app "${input.app}": add the app, and publish the zap again.`
  throw new StepError({ code: 'no-operation', message, retryable: false })
}

/** Sends an operation's request and reads its answer. Throws a {@link StepError} for an answer that says no. */
export async function sendOperation(
  reach: Reach,
  { slice, address, credential, input, url }: OperationCall,
): Promise<{ response: FetchResponse; answer: AnswerBody }> {
  const request = operationRequest(slice, addressOf({ address }, slice), input)
  const body = await encoded(reach, request.body)
  const response = await reach.http({
    method: slice.method,
    url: (url ?? request.url).href,
    credential,
    headers: requestHeaders({
      given: {
        accept: 'application/json, */*;q=0.5',
        ...request.headers,
        ...(slice.keyHeader !== null && { [slice.keyHeader]: reach.idempotencyKey }),
      },
      contentType: body?.contentType,
      idempotencyKey: undefined,
    }),
    body: body?.content ?? null,
    maxBytes: MOST_BYTES,
  })
  const answer =
    response.body.length > LAZY_BYTES
      ? { body: await reach.large.keep(response.body, largeType(response.headers)) }
      : await readBody(response, reach.large)
  if (response.status >= 400)
    throw failedAnswer(slice.method, url ?? request.url, response, answer.body, reach.clock.now())
  return { response, answer }
}

async function encoded(
  reach: Reach,
  body: OperationBody | null,
): Promise<{ content: string | Uint8Array; contentType: string } | null> {
  if (body === null) return null
  if (body.kind === 'text') return { content: body.content, contentType: body.type }
  if (body.kind === 'file')
    return { content: (await readFile(reach, body.value, body.field)).content, contentType: body.type }
  const parts = []
  for (const part of body.parts)
    parts.push('file' in part ? { name: part.name, ...(await filePart(reach, part)) } : part)
  return encodeParts(parts)
}

const filePart = (reach: Reach, { file, field }: FilePart) => readFile(reach, file, field)

function readFile({ files, large }: Reach, value: Json, field: string) {
  if (files === undefined)
    throw new StepError({
      code: 'bad-input',
      message: `"${field}" is a file, which cannot be sent here.`,
      retryable: false,
    })
  return withSource(openSource({ files, large }, value, field), async ({ filename, contentType, read }) => ({
    filename,
    contentType,
    content: await read(),
  }))
}
