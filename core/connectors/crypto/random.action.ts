import { randomInt, randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { z } from 'zod'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { wholeNumber } from '../kit/rows.ts'

/** For so long a step that is repeated finds what it chose: longer than any run waits to be tried again. */
const KEPT_MS = 400 * 86_400_000

/** The letters of a token: none that people take for one another or that an address would escape. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Chooses by chance. What a step of a run has chosen stays chosen when the step is repeated. */
export const cryptoRandom = defineAction({
  id: 'crypto.random',
  title: 'Random value',
  description: 'Makes a random id, token or number, which stays the same when the step is repeated.',
  keywords: ['random', 'uuid', 'ulid', 'token', 'password', 'generate', 'random number', 'dice', 'unique id', 'guid'],
  icon: 'dices',
  category: 'data',
  summary: '{kind}',
  // It remembers, and touches nothing else.
  effect: 'none',
  input: z
    .strictObject({
      kind: z
        .enum(['uuid', 'ulid', 'token', 'number'])
        .default('uuid')
        .meta({
          title: 'What',
          ui: {
            labels: {
              uuid: 'UUID',
              ulid: 'ULID (in order of time)',
              token: 'Letters and digits',
              number: 'Whole number',
            },
          },
        }),
      length: wholeNumber(1)
        .refine((length) => length <= 1_000, { error: 'must be at most 1000' })
        .optional()
        .meta({ title: 'Characters', description: '32 when empty.', ui: { showIf: { field: 'kind', in: ['token'] } } }),
      min: integer()
        .optional()
        .meta({ title: 'From', description: '0 when empty.', ui: { showIf: { field: 'kind', in: ['number'] } } }),
      max: integer()
        .optional()
        .meta({
          title: 'To',
          description: '100 when empty; it may be this one, too.',
          ui: { showIf: { field: 'kind', in: ['number'] } },
        }),
    })
    .superRefine(({ min, max }, check) => {
      const [least, most] = range(min, max)
      if (least > most) check.addIssue({ code: 'custom', path: ['max'], message: `must not be smaller than ${least}` })
      else if (most - least >= WIDEST)
        check.addIssue({ code: 'custom', path: ['max'], message: 'is too far from the smallest' })
    }),
  output: z.object({ value: jsonSchema }),
  sample: { value: '0a6f2d4e-4c1b-4a3f-9a55-0f2f4f0d3c11' },
  async run({ input, store, idempotencyKey, clock }) {
    const chosen = choose(input)
    // `change` may be called twice, so the choice is made before.
    const value = await store.update(`random ${idempotencyKey}`, (known) => {
      const kept = known ?? chosen
      return { value: kept, expiresAt: clock.now() + KEPT_MS, result: kept }
    })
    return { output: { value } }
  },
})

/** Numbers that Node chooses among (https://nodejs.org/api/crypto.html#cryptorandomintmin-max-callback). */
const WIDEST = 2 ** 48

function integer() {
  return z.union(
    [
      z.int(),
      z
        .string()
        .regex(/^-?[0-9]{1,15}$/)
        .transform(Number),
    ],
    {
      error: 'must be a whole number',
    },
  )
}

/** Both ends are in it. A smallest number above 100 has the next hundred. */
function range(min: number | undefined, max: number | undefined): readonly [number, number] {
  const least = min ?? Math.min(0, max ?? 0)
  return [least, max ?? Math.max(100, least + 100)]
}

function choose({
  kind,
  length,
  min,
  max,
}: {
  kind: string
  length?: number | undefined
  min?: number | undefined
  max?: number | undefined
}): Json {
  switch (kind) {
    case 'ulid':
      return ulid()
    case 'token':
      return Array.from({ length: length ?? 32 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    case 'number': {
      const [least, most] = range(min, max)
      return randomInt(least, most + 1)
    }
    default:
      return randomUUID()
  }
}
