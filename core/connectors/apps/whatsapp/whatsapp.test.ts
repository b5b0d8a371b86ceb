import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { whatsapp } from './whatsapp.app.ts'

const account = { type: 'whatsapp', secret: JSON.stringify({ token: 'T', phone: '1234' }) }
const answers = (): Json => ({ messages: [{ id: 'wamid.1' }] })
const common = { messaging_product: 'whatsapp', recipient_type: 'individual', to: '15551234567' }
const messages = 'POST /v23.0/1234/messages'

/** As Meta’s own library sends them (whatsapp 0.0.5-Alpha, recorded). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-text',
    { to: '+1 (555) 123-4567', text: 'hi', replyTo: 'wamid.X' },
    messages,
    { ...common, type: 'text', text: { body: 'hi' }, context: { message_id: 'wamid.X' } },
  ],
  [
    'send-text',
    { to: '15551234567', text: 'hi', preview: true },
    messages,
    { ...common, type: 'text', text: { body: 'hi', preview_url: true } },
  ],
  [
    'send-template',
    { to: '15551234567', template: 'hello_world', language: 'en_US', values: ['Ada', '12'] },
    messages,
    {
      ...common,
      type: 'template',
      template: {
        name: 'hello_world',
        language: { code: 'en_US' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Ada' },
              { type: 'text', text: '12' },
            ],
          },
        ],
      },
    },
  ],
  [
    'send-media',
    { to: '15551234567', file: 'http://a/b.png', caption: 'c' },
    messages,
    { ...common, type: 'image', image: { link: 'http://a/b.png', caption: 'c' } },
  ],
  [
    'send-buttons',
    { to: '15551234567', text: 'Sure?', buttons: 'Yes\nNo' },
    messages,
    {
      ...common,
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Sure?' },
        action: {
          buttons: [
            { type: 'reply', reply: { id: 'button_1', title: 'Yes' } },
            { type: 'reply', reply: { id: 'button_2', title: 'No' } },
          ],
        },
      },
    },
  ],
  ['mark-read', { message: 'wamid' }, messages, { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid' }],
  ['delete-media', { media: '99' }, 'DELETE /v23.0/99'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(whatsapp, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer T')
})
