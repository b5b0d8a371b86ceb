import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import type { AppClient } from '../../app-request.ts'
import { defineCredential } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import type { FieldOption, OptionsPage } from '../../field-options.ts'
import { ntfyNewMessage } from './new-message.trigger.ts'
import { ntfyPublish } from './publish.action.ts'

const NTFY_SH = 'https://ntfy.sh'

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
  actions: [ntfyPublish],
  triggers: [ntfyNewMessage],
})
