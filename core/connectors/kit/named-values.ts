import { z } from 'zod'
import { isJson, isJsonObject, type JsonObject } from '../../domain/values/json.ts'
import { wordFor } from './rows.ts'

/**
 * Values by name, as they are. A record of zod's loses one that is called `__proto__` without a word, and the data that a step names may have
 * come with an event.
 */
export const namedValues = z
  .custom<JsonObject>((value) => isJsonObject(value) && isJson(value), {
    error: ({ input }) =>
      input === undefined
        ? 'is needed'
        : `must be an object, but is ${isJson(input) ? wordFor(input) : 'something else'}`,
  })
  .superRefine((values, check) => {
    for (const name of Object.keys(values)) {
      if (name !== '') continue
      check.addIssue({ code: 'custom', path: [name], message: 'has a row without a name; give it one, or remove it' })
    }
  })

/** What a form is told of it, as nothing can be read off a check. */
export const NAMED_VALUES = { type: 'object', additionalProperties: {} } as const

/** An output whose names are those of data. */
export const namedOutput = z.custom<JsonObject>((value) => isJsonObject(value) && isJson(value))
