import { type CredentialType, defineCredential } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField, whoIs } from '../../service/accounts.ts'
import { choice, longText, number, text } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { socketAddress, streamTrigger } from '../../service/stream.ts'
import { hue, icon } from './logo.ts'

const address = serverAt()
const pages: Pages = {
  items: 'messages',
  size: { as: 'limit', most: 200 },
  // Older ones are those with lower numbers.
  next: { by: 'cursor', at: 'paging.since', as: 'since' },
  end: { at: 'paging.since', is: 0 },
}
const stored = { id: 25, appid: 5, title: 'Backup', message: 'It is done.', priority: 5, date: '2026-11-30T09:00:00Z' }
const keywords = ['notification', 'push', 'self-hosted']

const gotifyAccount: CredentialType = defineCredential({
  id: 'gotify',
  title: 'Gotify token',
  fields: [
    serverField('https://gotify.example.com'),
    {
      name: 'token',
      title: 'Token',
      placeholder: 'A… or C…',
      help: 'Of an application (A…), which sends; of a client (C…), which reads and deletes.',
      isSecret: true,
    },
  ],
  help: howTo(
    'A token in two steps',
    { title: 'Create an application', text: 'Apps → Create application, to send. Clients → Create client, to read.' },
    { title: 'Paste its token here', text: 'With the address of the server.' },
  ),
  signIn: ({ token = '' }) => ({ headers: { 'x-gotify-key': token } }),
  async test(given) {
    // The token of an application can only be proved by sending: whether the server is there is what can be said.
    if (!given.fields.token?.startsWith('A')) return whoIs({ address, path: 'current/user', name: ['name'] })(given)
    await given.at(address(given.fields))({ path: 'health' })
    return null
  },
})

/** Gotify (https://gotify.net/api-docs). */
export const gotify = defineApp({
  id: 'gotify',
  title: 'Gotify',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [gotifyAccount],
  answers: { says: ['errorDescription', 'error'] },
  triggers: [
    newItemTrigger({
      name: 'new-message',
      title: 'New message on Gotify',
      description: 'Starts for each message. It takes the token of a client.',
      keywords: [...keywords, 'receive'],
      every: '30s',
      request: 'GET /message',
      pages,
      most: 100,
      key: 'id',
      sample: stored,
    }),
    streamTrigger({
      name: 'message-stream',
      title: 'Gotify tells of a message',
      description:
        'Starts at once for each message, over a connection that stays open. It takes the token of a client.',
      keywords: [...keywords, 'receive', 'at once'],
      isReadyAtOnce: true,
      open: async ({ account }) => ({
        url: `${socketAddress(address(account))}/stream`,
        headers: { 'x-gotify-key': account.token ?? '' },
      }),
      read: (message) => ({ events: [{ key: textAt(message, 'id'), data: message }] }),
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'send',
      title: 'Send a message with Gotify',
      description: 'Shows a message on all devices. It takes the token of an application.',
      keywords: [...keywords, 'alert'],
      summary: '{message}',
      request: 'POST /message',
      fields: {
        message: longText('Message'),
        title: text('Title', { optional: true }),
        priority: number('Priority', { min: 0, max: 10, optional: true, help: '8 and more make a sound.' }),
        kind: choice(
          'It is',
          { 'text/plain': 'Plain text', 'text/markdown': 'Markdown' },
          { advanced: true, at: 'nowhere' },
        ),
        link: text('Opens', { optional: true, advanced: true, at: 'nowhere', placeholder: 'https://example.com' }),
      },
      body: (body, { kind, link }) => {
        const extras = {
          ...(kind === 'text/markdown' && { 'client::display': { contentType: kind } }),
          ...(link !== undefined && { 'client::notification': { click: { url: link } } }),
        }
        return { ...Object(body), ...(Object.keys(extras).length > 0 && { extras }) }
      },
      sample: stored,
    }),
    operation({
      name: 'list',
      title: 'List messages of Gotify',
      description: 'Reads messages, the newest first. It takes the token of a client.',
      keywords: [...keywords, 'get many'],
      request: 'GET /message',
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'delete',
      title: 'Delete a message of Gotify',
      description: 'Deletes a message. It takes the token of a client.',
      keywords: [...keywords, 'remove'],
      request: 'DELETE /message/{message}',
      fields: { message: text('Message', { placeholder: '{{ message.id }}', help: 'Its number.' }) },
      sample: {},
    }),
    operation({
      name: 'list-apps',
      title: 'List applications of Gotify',
      description: 'Reads the applications that send. It takes the token of a client.',
      keywords: [...keywords, 'get many'],
      request: 'GET /application',
      sample: { items: [{ id: 5, name: 'Backup', description: 'Nightly' }], count: 1 },
    }),
  ],
})
