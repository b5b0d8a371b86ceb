import { RE2JS, RE2JSException } from 're2js'
import { StepError } from '../../domain/runs/step-error.ts'

/** Characters of a pattern. */
export const MAX_PATTERN_CHARS = 2_000

/** A match in a text. `index` counts as JavaScript does, in UTF-16 units; a group that took no part is null. */
export type Found = {
  readonly text: string
  readonly index: number
  readonly groups: readonly (string | null)[]
  readonly named: Readonly<Record<string, string | null>>
}

/**
 * Finds a pattern in RE2's syntax (https://github.com/google/re2/wiki/Syntax), one match at a time, in a time that grows with the text alone. The
 * conditions of filters have an engine of their own, which says only whether there is a match, and takes JavaScript's syntax.
 *
 * @throws StepError `bad-input` for a pattern that cannot be used.
 */
export function* findPattern(
  pattern: string,
  text: string,
  ignoreCase: boolean,
): Generator<Found, undefined, undefined> {
  const matcher = compile(pattern, ignoreCase).matcher(text)
  while (matcher.find()) {
    yield {
      text: matcher.group() ?? '',
      index: matcher.start(),
      groups: Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1)),
      named: matcher.getNamedGroups(),
    }
  }
}

/** Throws a {@link StepError} `bad-input` for a pattern that cannot be used. */
export function checkPattern(pattern: string): void {
  compile(pattern, false)
}

function compile(pattern: string, ignoreCase: boolean): RE2JS {
  const refuse = (reason: string, cause?: unknown): StepError => {
    const shown = pattern.length > 80 ? `${pattern.slice(0, 79)}…` : pattern
    const message = `The pattern "${shown}" cannot be used: ${reason}.`
    return new StepError({ code: 'bad-input', message, retryable: false }, { cause })
  }
  if (pattern.length > MAX_PATTERN_CHARS) throw refuse(`it is longer than ${MAX_PATTERN_CHARS} characters`)
  try {
    return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const reason = error.message.replace('error parsing regexp: ', '')
    // What backtracking engines have, and none that must end in time.
    const isForeign = /\(\?<?[=!]|\\[1-9k]/.test(pattern)
    throw refuse(isForeign ? `${reason}; patterns neither look around nor refer back to a group` : reason, error)
  }
}
