import { StepError, type StepErrorDetails } from '../runs/step-error.ts'

/** Where a template reads something that is not there. LiquidJS lets `default` and `if` catch it by this very name. */
export class MissingPath extends Error {
  override readonly name = 'InternalUndefinedVariableError'
  readonly keys: readonly unknown[]
  readonly at: number

  constructor(keys: readonly unknown[], at: number) {
    super('missing path')
    this.keys = keys
    this.at = at
  }
}

/** A template reads something that is not there: the one failure that `missing: 'undefined'` forgives. */
export class MissingPathError extends StepError {
  /** The path, and the number of the first key of it that is not there. */
  readonly keys: readonly unknown[]
  readonly at: number

  constructor(details: StepErrorDetails, keys: readonly unknown[], at: number) {
    super(details)
    this.keys = keys
    this.at = at
  }
}

/** The error of a path whose key number `at` is not there. */
export function missingPathError(keys: readonly unknown[], at: number): MissingPathError {
  const whole = pathText(keys)
  const holder = pathText(keys.slice(0, at))
  const reason = at === 0 ? `nothing here is called "${String(keys[0])}"` : `"${holder}" has no "${String(keys[at])}"`
  const message = `"${whole}" is missing: ${reason}. Correct the path, or add "| default: …" if it may be absent.`
  return new MissingPathError({ code: 'template', message, retryable: false }, keys, at)
}

function pathText(keys: readonly unknown[]): string {
  let text = ''
  for (const key of keys) {
    if (typeof key === 'number') text += `[${key}]`
    else if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`
    else text += `["${String(key)}"]`
  }
  return text
}

/** The error of a rendering that failed, whatever LiquidJS threw. */
export function renderError(text: string, error: unknown): StepError {
  let cause = error
  while (cause instanceof Error) {
    if (cause instanceof StepError) return cause
    if (cause instanceof MissingPath) return missingPathError(cause.keys, cause.at)
    if (!('originalError' in cause)) break
    cause = cause.originalError
  }
  return new StepError(
    { code: 'template', message: `The template "${excerpt(text)}" failed: ${messageOf(error)}.`, retryable: false },
    { cause: error },
  )
}

/** The error of a template that cannot be parsed. */
export function syntaxError(text: string, error: unknown): StepError {
  return new StepError(
    {
      code: 'template-syntax',
      message: `The template "${excerpt(text)}" cannot be read: ${messageOf(error)}.`,
      retryable: false,
    },
    { cause: error },
  )
}

function messageOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply or grows too large'
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2)').replace(/\.$/, '')
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
