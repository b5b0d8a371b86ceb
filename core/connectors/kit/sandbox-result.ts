import type { Place, SandboxAnswer, SandboxFailure } from '../../domain/runs/sandbox.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import type { LargeValues } from '../action-context.ts'

/** The codes under which a sandbox's failures are known for good. */
const CODES: Readonly<Record<SandboxFailure['kind'], string>> = {
  syntax: 'code-syntax',
  thrown: 'code-threw',
  result: 'code-result',
  'result-size': 'too-large',
  time: 'code-time',
  memory: 'code-memory',
  depth: 'code-depth',
  broken: 'sandbox',
}

/**
 * What a sandbox came to. `what` is what ran in it, such as "code". Throws a {@link StepError} that names the place where there is one; what the
 * console got by then stands beside it.
 */
export async function sandboxResult(
  { result, logs }: Pick<SandboxAnswer, 'result' | 'logs'>,
  what: 'code' | 'query',
  large: Pick<LargeValues, 'readJson'>,
): Promise<Json> {
  if ('failure' in result) throw failureError(result.failure, what, logs)
  const read = await large.readJson(result.json)
  if (read.kind === 'json') return read.value
  // The sandbox checked it: only what broke out of it could answer so.
  throw new StepError({ code: 'sandbox', message: 'The result could not be read.', retryable: false })
}

function failureError(failure: SandboxFailure, what: 'code' | 'query', logs: SandboxAnswer['logs']): StepError {
  const { kind, place } = failure
  return new StepError({
    code: CODES[kind],
    message: sentence(failure, what),
    // An interpreter that broke by itself may not do so again.
    retryable: kind === 'broken',
    facts: { ...(place === null ? {} : { line: place.line, column: place.column }), ...(logs.length > 0 && { logs }) },
  })
}

function sentence({ kind, message, place }: SandboxFailure, what: 'code' | 'query'): string {
  const at = place === null ? '' : ` at ${placeWords(place)}`
  switch (kind) {
    case 'syntax':
    case 'thrown':
      return place === null
        ? `The ${what} failed: ${ended(message)}`
        : `${capital(placeWords(place))} of the ${what}: ${ended(message)}`
    case 'result':
      return `What the ${what} returns cannot be passed on: ${ended(message)}`
    case 'result-size':
      return `What the ${what} returns ${ended(message)}`
    case 'time':
      return `The ${what} ${message}, and was stopped${at}: let it do less at once, such as one item of a loop.`
    case 'memory':
      return `The ${what} ${message}, and was stopped${at}: give it less at once.`
    case 'depth':
      return `The ${what} ${message}, and was stopped${at}.`
    case 'broken':
      return `The interpreter of the ${what} ${ended(message)}`
  }
}

/** A place in words, such as "line 6, column 21". */
const placeWords = ({ line, column }: Place): string => `line ${line}, column ${column}`
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const ended = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)
