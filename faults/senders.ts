import { z } from 'zod'
import type { RunningHost } from '../e2e/fixtures/headless-host.ts'

const answerSchema = z.looseObject({ id: z.string().optional(), error: z.object({ code: z.string() }).optional() })

/** What a sender was told: the status, and the event's id or the code of the refusal. */
export type Told = { readonly status: number; readonly id?: string | undefined; readonly code?: string | undefined }

/** Posts JSON to the webhook `/hooks/<path>` of a host. */
export async function post(
  host: Pick<RunningHost, 'hooks'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Told> {
  const response = await fetch(`${host.hooks}/hooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const { id, error } = answerSchema.parse(await response.json())
  return { status: response.status, id, code: error?.code }
}

/** The part of a run that tests of faults look at. */
export const runSchema = z.object({
  run: z.looseObject({ id: z.string(), status: z.string(), reason: z.string().nullable() }),
  steps: z.array(
    z.looseObject({
      step: z.string(),
      status: z.string(),
      output: z.unknown(),
      attempts: z.array(
        z.looseObject({ n: z.int(), error: z.object({ code: z.string(), message: z.string() }).nullable() }),
      ),
    }),
  ),
})

export const runsSchema = z.object({
  runs: z.array(z.looseObject({ id: z.string(), status: z.string(), reason: z.string().nullable() })),
})

export const outboxSchema = z.looseObject({ pending: z.int(), leased: z.int(), dead: z.int() })
