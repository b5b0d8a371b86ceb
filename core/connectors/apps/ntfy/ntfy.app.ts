import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { type Json, jsonSchema, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineCredential } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import type { FieldOption, OptionsPage } from '../../field-options.ts'
import { file, text } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { NTFY_SH, ntfyNewMessage, ntfyStream } from './new-message.trigger.ts'
import { ntfyPublish } from './publish.action.ts'

const topic = z.object({ topic: z.string(), display_name: z.string().nullish() })
const accountSchema = z.object({ reservations: z.array(topic).nullish(), subscriptions: z.array(topic).nullish() })

/** The topics that an account reserved or subscribed to (`apiAccountResponse` in the server's `types.go`); of everyone there are none. */
async function listTopics({ http }: { readonly http: AppClient }): Promise<OptionsPage> {
  const account = (await http({ path: 'v1/account' })).as(accountSchema)
  const found = new Map<string, FieldOption>()
  for (const one of [...(account.reservations ?? []), ...(account.subscriptions ?? [])]) {
    if (!found.has(one.topic)) found.set(one.topic, { value: one.topic, label: one.display_name ?? one.topic })
  }
  return { options: [...found.values()], next: null }
}

const topicField = text('Topic', { placeholder: 'my-server', from: { list: 'topics' } })
const serverText = text('Server', {
  optional: true,
  advanced: true,
  placeholder: NTFY_SH,
  help: 'Of your own; otherwise ntfy.sh.',
})

function jsonOf(line: string): Json {
  try {
    return jsonSchema.parse(JSON.parse(line))
  } catch (cause) {
    const message = 'The server answered something else than messages of ntfy: look at its address.'
    throw new StepError({ code: 'bad-answer', message, retryable: true }, { cause })
  }
}

/** ntfy (https://docs.ntfy.sh): notifications to phones and desktops, at ntfy.sh or at a server of one's own. */
export const ntfy = defineApp({
  id: 'ntfy',
  title: 'ntfy',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M3 5h18v12H9l-5 4v-4H3z"/><path d="m8 9 3 2-3 2M13 13h3"/></svg>',
  hue: 175,
  address: ({ server }) => z.string().catch(NTFY_SH).parse(server),
  account: 'optional',
  credentials: [
    defineCredential({
      id: 'ntfy',
      title: 'ntfy access token',
      fields: [
        {
          name: 'token',
          title: 'Access token',
          help: 'In ntfy under Account → Access tokens.',
          placeholder: 'tk_…',
          isSecret: true,
        },
        {
          name: 'server',
          title: 'Server',
          help: 'Of your own, where the token is tested; otherwise ntfy.sh.',
          placeholder: NTFY_SH,
          isSecret: false,
          isOptional: true,
        },
      ],
      async test({ fields, at }) {
        const answer = await at(fields.server ?? NTFY_SH)({ path: 'v1/account' })
        // Without a token that it knows, a server says that this is everyone's account.
        const { username } = answer.as(z.object({ username: z.string() }))
        if (username !== '*') return username
        throw new StepError({ code: 'http-401', message: 'The server does not know this token.', retryable: false })
      },
      signIn: ({ token = '' }) => ({ headers: { authorization: `Bearer ${token}` } }),
    }),
  ],
  alsoTakes: ['basic', 'bearer'],
  lists: { topics: listTopics },
  actions: [
    ntfyPublish,
    operation({
      name: 'upload',
      title: 'Send a file to ntfy',
      description: 'Sends a file to a topic, with a text where there is one.',
      keywords: ['push', 'phone', 'attachment', 'picture'],
      summary: '{topic}',
      fields: {
        topic: topicField,
        file: file('File'),
        message: text('Text', { optional: true, most: 4_000 }),
        title: text('Title', { optional: true }),
        server: serverText,
      },
      sample: { id: 'hwQ2YpKdmg', attachment: { name: 'photo.jpg', url: 'https://ntfy.sh/file/hwQ2YpKdmg.jpg' } },
      async run({ http, files, input }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        // In an address anything can be written, in a header only some of it.
        const query = {
          filename,
          ...(input.message !== undefined && { message: textOf(input.message) }),
          ...(input.title !== undefined && { title: textOf(input.title) }),
        }
        const path = pathPart('topic', input.topic)
        return (await http({ method: 'PUT', path, query, bytes: { content, contentType } })).body
      },
    }),
    operation({
      name: 'poll',
      title: 'Read the messages of ntfy',
      description: 'Reads what a topic keeps: mostly the last twelve hours.',
      keywords: ['get many', 'messages', 'history'],
      summary: '{topic}',
      effect: 'none',
      fields: {
        topic: topicField,
        since: text('Since', {
          optional: true,
          placeholder: '10m',
          help: 'A time such as 10m or 2h, or the id of a message; all when empty.',
        }),
        server: serverText,
      },
      sample: { items: [{ id: 'hwQ2YpKdmg', topic: 'my-server', message: 'The backup is done.' }], count: 1 },
      async run({ http, input }) {
        const query = { poll: 1, since: textOf(input.since ?? 'all') }
        const answer = await http({ path: `${pathPart('topic', input.topic)}/json`, query })
        const lines = textOf(answer.body ?? '')
          .split('\n')
          .filter((line) => line.trim() !== '')
        return lines.map(jsonOf).filter((line) => textAt(line, 'event') === 'message')
      },
    }),
  ],
  triggers: [ntfyNewMessage, ntfyStream],
})
