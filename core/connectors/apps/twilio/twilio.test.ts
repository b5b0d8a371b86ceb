import twilioOf from 'twilio'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByLibrary, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { twilio } from './twilio.app.ts'

const account = { type: 'twilio', secret: JSON.stringify({ sid: 'AC1', token: 'T' }) }
const answers = (): Json => ({ messages: [], next_page_uri: null, sid: 'SM1' })
type Client = ReturnType<typeof twilioOf>
/** The library reads numbers in forms as texts, too. */
const said = (sent: readonly Sent[]) =>
  sent.map(({ authorization, ...rest }) => ({ ...rest, authorization: authorization?.toLowerCase() }))

/** The library has no option for its address: its own client of HTTP is told where to go. */
const clientAt = (address: string): Client =>
  twilioOf('AC1', 'T', {
    httpClient: Object.assign(new twilioOf.RequestClient(), {
      async request(asked: {
        method: string
        uri: string
        headers?: Record<string, string>
        params?: Record<string, unknown>
        data?: Record<string, unknown>
      }) {
        const url = new URL(asked.uri.replace('https://api.twilio.com', address))
        for (const [name, value] of Object.entries(asked.params ?? {})) url.searchParams.set(name, String(value))
        const body = new URLSearchParams()
        for (const [name, value] of Object.entries(asked.data ?? {}))
          for (const one of [value].flat()) body.append(name, String(one))
        const response = await fetch(url, {
          method: asked.method,
          headers: { authorization: `Basic ${Buffer.from('AC1:T').toString('base64')}` },
          ...(asked.method === 'post' && { body }),
        })
        return { statusCode: response.status, body: await response.json(), headers: {} }
      },
    }),
  })

it.each<[string, Record<string, Json>, (client: Client) => Promise<unknown>]>([
  [
    'send-sms',
    { to: '+49', from: '+1', text: 'hi', media: ['https://a.example/1.png'] },
    (client) => client.messages.create({ to: '+49', from: '+1', body: 'hi', mediaUrl: ['https://a.example/1.png'] }),
  ],
  [
    'send-sms',
    { to: '+49', service: 'MG1', template: 'HX1', values: { 1: 'Ada' } },
    (client) =>
      client.messages.create({
        to: '+49',
        messagingServiceSid: 'MG1',
        contentSid: 'HX1',
        contentVariables: '{"1":"Ada"}',
      }),
  ],
  [
    'call',
    { to: '+49', from: '+1', say: 'A & B' },
    (client) => client.calls.create({ to: '+49', from: '+1', twiml: '<Response><Say>A &amp; B</Say></Response>' }),
  ],
  ['list-messages', { to: '+49', limit: 20 }, (client) => client.messages.page({ to: '+49', pageSize: 20 })],
  ['get-message', { message: 'SM1' }, (client) => client.messages('SM1').fetch()],
])('%s as Twilio’s own library does: %j', async (uses, input, call) => {
  const theirs = await sentByLibrary((address) => call(clientAt(address)), answers)
  const { sent } = await sentByUs(twilio, uses, input, { answers, account })
  expect(said(sent)).toEqual(said(theirs))
})

it('what came in starts runs, and what went out does not', async () => {
  const answer = () => ({
    messages: [
      { sid: 'a', direction: 'inbound' },
      { sid: 'b', direction: 'outbound-api' },
    ],
  })
  const { sent, events } = await sentByTrigger(twilio, 'sms-received', { to: '+1' }, { answers: answer, account })
  expect(sent.map(lineOf)).toEqual([['GET /2010-04-01/Accounts/AC1/Messages.json?PageSize=100&To=+1']])
  expect(events.map(({ key }) => key)).toEqual(['a'])
})
