import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { apiOperationSchema, importedAppSchema, operationFormSchema, readApiSchema } from '../app-values.ts'
import { done, procedure } from './procedure.ts'

const MOST_TEXT = 33_554_432

/** One that was added, by its id, or one that is only looked at, by its number. */
const whichApp = z.union([z.object({ app: z.string().max(100) }), z.object({ look: z.int() })])

/** APIs that people add with their descriptions. */
export const appsContract = {
  apps: {
    list: procedure.output(z.array(importedAppSchema)),
    /**
     * Reads a description: a file, those of a folder, or what is at an address. Nothing is added yet. With `replaces`, what it changes of that app is said.
     * CONFLICT with the reason for what is none.
     */
    read: procedure
      .input(
        z.object({
          files: z
            .array(z.object({ path: z.string().max(1_000), text: z.string().max(MOST_TEXT) }))
            .max(3_000)
            .default([]),
          url: z.string().max(2_000).optional(),
          source: z.string().max(1_000).default(''),
          replaces: z.string().max(100).optional(),
        }),
      )
      .output(readApiSchema),
    /** Adds what was looked at. Its id follows from its title where none is given. CONFLICT when that is taken, or the address is none. */
    add: procedure
      .input(
        z.object({
          look: z.int(),
          id: z
            .string()
            .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, { error: 'An id has small letters, digits and "-", 60 at most.' })
            .optional(),
          title: z.string().trim().min(1).max(200).optional(),
          address: z.string().max(2_000).optional(),
          credential: z.string().max(100).nullable().default(null),
        }),
      )
      .output(importedAppSchema),
    /** Puts what was looked at in the place of an app's description. Its address and credential stay; published zaps go on as they are. */
    update: procedure.input(z.object({ id: z.string(), look: z.int() })).output(importedAppSchema),
    /** Changes what is a person's own: where requests go, and with which credential new steps begin. */
    change: procedure
      .input(
        z.object({
          id: z.string(),
          title: z.string().trim().min(1).max(200).optional(),
          address: z.string().max(2_000).optional(),
          credential: z.string().max(100).nullable().optional(),
        }),
      )
      .output(importedAppSchema),
    /** Takes an app away. Zaps that use it go on with what they carry. */
    remove: procedure.input(z.object({ id: z.string() })).output(done),
    /**
     * Asks the API that is looked at for something that needs no values, at an address and with a credential that are not stored yet. What is wrong is an
     * answer, no error; the operation is null where none can be tried.
     */
    tryIt: procedure
      .input(z.object({ look: z.int(), address: z.string().max(2_000), credential: z.string().max(100).nullable() }))
      .output(z.object({ operation: z.string().nullable(), ok: z.boolean(), message: z.string(), ms: z.int() })),
    /** Forgets what was only looked at. */
    discard: procedure.input(z.object({ look: z.int() })).output(done),
    /** Operations and events whose title, path, tag or description hold all the words; of one app, or of all that were added. */
    find: procedure
      .input(
        z.object({
          of: whichApp.nullable().default(null),
          search: z.string().max(200).default(''),
          offset: z.int().min(0).default(0),
          limit: z.int().min(1).max(500).default(100),
        }),
      )
      .output(z.object({ operations: z.array(apiOperationSchema), total: z.int() })),
    /** The operation of an app that was added which does what an `http.request` with this input would, and how its step is filled in; null where there is none. */
    match: procedure.input(z.object({ request: z.record(z.string(), jsonSchema) })).output(
      z
        .object({
          operation: apiOperationSchema,
          input: z.record(z.string(), jsonSchema),
          /** With which the app is signed in to. */
          credential: z.string().nullable(),
        })
        .nullable(),
    ),
    /** The form of an operation. NOT_FOUND where the app, or it, is not there (any more). */
    operation: procedure
      .input(z.object({ of: whichApp, operation: z.string().max(3_000) }))
      .output(operationFormSchema),
  },
}
