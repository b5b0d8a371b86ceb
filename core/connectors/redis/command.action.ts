import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { credentialRefSchema, enteredFields } from '../credential.ts'
import { defineAction, type Effect } from '../define.ts'
import { bytesOf, isFileValue } from '../kit/file-value.ts'
import { keepJson, textPieces } from '../kit/heavy-pieces.ts'
import { refusalOf, withRedis } from './redis-session.ts'
import { jsonOfReply, RedisError, type Reply } from './resp.ts'

/** Commands that change nothing (redis.io/commands, flag `readonly`). */
const READS = new Set(
  'get mget getrange strlen exists ttl pttl expiretime type keys scan randomkey dbsize hget hmget hgetall hexists hkeys hvals hlen hscan hstrlen lrange lindex llen lpos smembers sismember smismember scard sscan srandmember sinter sunion sdiff zrange zrangebyscore zrevrange zrank zrevrank zscore zmscore zcard zcount zscan xrange xrevrange xlen xread geopos geodist geosearch bitcount getbit pfcount ping echo time info memory object dump json.get ft.search'.split(
    ' ',
  ),
)
/** Commands that leave the same state however often they are done. */
const IDEMPOTENT = new Set(
  'mset del unlink hset hmset hdel sadd srem zrem expireat pexpireat persist setbit setrange pfadd lset ltrim json.set json.del'.split(
    ' ',
  ),
)
/** What turns such a command into one that does not. */
const OPTIONS = /^(?:nx|xx|get|incr|gt|lt|ex|px|exat|pxat|keepttl)$/i
/** Commands that do not end, or that mean something only to those that follow. */
const REFUSED = new Set(
  'subscribe psubscribe ssubscribe monitor sync psync multi exec discard watch unwatch quit auth hello select reset'.split(
    ' ',
  ),
)

function effectOf(command: string, args: readonly Json[]): Effect {
  const [word = ''] = command.trim().toLowerCase().split(/\s+/)
  if (READS.has(word)) return 'none'
  if (word === 'set' || word === 'zadd')
    return args.slice(2).some((one) => OPTIONS.test(textOf(one))) ? 'unsafe' : 'idempotent'
  return IDEMPOTENT.has(word) ? 'idempotent' : 'unsafe'
}

/** Sends one command to Redis. */
export const redisCommand = defineAction({
  id: 'redis.command',
  title: 'Use Redis',
  description: 'Sends one command to Redis, Valkey or what speaks as they do.',
  keywords: ['redis', 'valkey', 'keydb', 'cache', 'key value', 'publish to redis', 'queue'],
  icon: 'memory-stick',
  category: 'http',
  summary: '{command}',
  effect: ({ command, args }) => effectOf(command, args),
  takesLarge: true,
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The server.',
      ui: { widget: 'credential', types: ['redis'] },
    }),
    command: z
      .string()
      .trim()
      .max(200)
      .regex(/^[A-Za-z][A-Za-z0-9._-]*(?:\s+[A-Za-z][A-Za-z0-9._-]*)?$/, {
        error: 'needs the name of a command, such as GET or HSET',
      })
      .refine((command) => !REFUSED.has(command.toLowerCase().split(/\s+/)[0] ?? ''), {
        error:
          'cannot be sent by a step, as it does not end or means something only to later commands; EVAL does several things at once',
      })
      .meta({ title: 'Command', ui: { widget: 'template', placeholder: 'SET' } }),
    args: z
      .array(jsonSchema)
      .max(100_000, { error: 'has more than 100,000 values' })
      .default([])
      .meta({
        title: 'Values',
        description:
          'What stands behind the command, one after the other, such as the key. Lists and objects are written as JSON.',
        ui: { widget: 'templates', noun: 'value', placeholder: 'order:{{ hook.body.id }}' },
      }),
  }),
  output: z.object({
    /** As Redis replies: text, a number, a list or null; of HGETALL an object, and `{ base64 }` for what is no text. */
    result: jsonSchema,
  }),
  sample: { result: 'OK' },
  async run(ctx) {
    const { command, args } = ctx.input
    const entered = enteredFields((await ctx.credential(ctx.input.account)).secret) ?? {}
    const words = command.split(/\s+/)
    const values = await Promise.all(args.map((value) => bytesFor(value, ctx.large)))
    const isRepeatable = effectOf(command, args) !== 'unsafe'
    const reply = await withRedis(entered, ctx, async (ask) =>
      ask([...words, ...values]).catch((error: unknown) => {
        throw isRepeatable || !isLost(error) ? error : lost(error)
      }),
    )
    if (reply instanceof RedisError) throw refusalOf(reply)
    const result = words[0]?.toLowerCase() === 'hgetall' ? pairsOf(reply) : jsonOfReply(reply)
    if (typeof result !== 'object' || result === null) return { output: { result } }
    return { output: { result: (await keepJson(textPieces([JSON.stringify(result)]), ctx.large)).value } }
  },
})

async function bytesFor(value: Json, large: LargeValues): Promise<string | Uint8Array> {
  return isFileValue(value) || isLargeValue(value) ? bytesOf(large, value) : textOf(value)
}

/** A list of names and values as an object. */
function pairsOf(reply: Reply): Json {
  const flat = jsonOfReply(reply)
  if (!Array.isArray(flat)) return flat
  return Object.fromEntries(
    flat.flatMap((name, at): [string, Json][] => (at % 2 === 0 ? [[textOf(name), flat[at + 1] ?? null]] : [])),
  )
}

const isLost = (error: unknown): boolean => !(error instanceof StepError) || error.details.code === 'network'

function lost(error: unknown): StepError {
  const message =
    'The connection to Redis broke off, and whether the command was done is not known: look there, and run the step again if it was not.'
  return new StepError({ code: 'connection-lost', message, retryable: false }, { cause: error })
}
