import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { basic, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { json, longText, moment, text, texts } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.twilio.com/2010-04-01'

const to = text('To', {
  as: 'To',
  placeholder: '+491701234567',
  help: 'With the country code; whatsapp:+49… for WhatsApp.',
})
const number = { as: 'From', placeholder: '+15005550006', from: { list: 'numbers' } }
const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'PageSize', most: 1_000 },
  next: { by: 'address', at: 'next_page_uri' },
})
const stored = {
  sid: 'SM0123456789abcdef0123456789abcdef',
  status: 'queued',
  from: '+15005550006',
  to: '+491701234567',
  body: 'The backup is done.',
  direction: 'outbound-api',
  date_sent: null,
  error_code: null,
}
const at = (item: Json, path: string): Json => valueAt(item, readPath(path)) ?? null

/** Twilio's messages and calls (https://www.twilio.com/docs/messaging/api). */
export const twilio = defineApp({
  id: 'twilio',
  title: 'Twilio',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'twilio',
      title: 'Twilio account',
      fields: [
        { name: 'sid', title: 'Account SID', placeholder: 'AC…', isSecret: false },
        {
          name: 'key',
          title: 'API key SID',
          help: 'When the secret below is that of a key, and not the auth token.',
          placeholder: 'SK…',
          isSecret: false,
          isOptional: true,
          isAdvanced: true,
        },
      ],
      secret: { title: 'Auth token', help: 'Or the secret of an API key.' },
      help: howTo(
        'Both stand in the console',
        {
          title: 'Open the console',
          text: 'Account info: Account SID and auth token.',
          link: { title: 'Console', url: 'https://console.twilio.com' },
        },
        { title: 'Paste both here' },
      ),
      signIn: (token, { sid = '', key = '' }) => ({ ...basic(key || sid, token), path: { sid } }),
      test: whoIs({ address: ADDRESS, path: 'Accounts/{sid}.json', name: ['friendly_name', 'sid'] }),
    }),
  ],
  answers: {
    // 20429 is "too many requests" (https://www.twilio.com/docs/api/errors).
    means: (status, body) => (at(body, 'code') === 20_429 ? 429 : status),
  },
  lists: {
    numbers: listOf({
      request: 'GET /Accounts/{sid}/IncomingPhoneNumbers.json',
      pages: pagesOf('incoming_phone_numbers'),
      value: 'phone_number',
      label: 'friendly_name',
      hint: 'phone_number',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'sms-received',
      title: 'SMS received by Twilio',
      description: 'Starts for each message that comes in at a number of yours.',
      keywords: ['text', 'whatsapp', 'phone', 'message'],
      every: '1m',
      fields: {
        to: text('At the number', {
          as: 'To',
          optional: true,
          from: { list: 'numbers' },
          help: 'All of them when empty.',
        }),
      },
      key: 'sid',
      sample: { ...stored, direction: 'inbound', status: 'received' },
      async list({ http, input }) {
        const query = { PageSize: 100, ...(input.to !== undefined && { To: textOf(input.to) }) }
        const found = at((await http({ path: 'Accounts/{sid}/Messages.json', query })).body, 'messages')
        return isJsonList(found) ? found.filter((one) => at(one, 'direction') === 'inbound') : []
      },
    }),
    handTrigger({
      name: 'sms-webhook',
      title: 'Twilio tells of an SMS',
      description: 'Starts at once for each SMS that comes in at a number.',
      keywords: ['webhook', 'receive', 'message', 'at once'],
      where: 'in the console of Twilio at a number under Messaging → A message comes in',
      verify: { scheme: 'twilio' },
      secret: 'The auth token of the account.',
      events: ({ body }) => [{ key: textAt(body, 'MessageSid') || null, data: body }],
      sample: { MessageSid: stored.sid, From: '+491701234567', To: '+15005550006', Body: 'Hello!', NumMedia: '0' },
    }),
  ],
  actions: [
    operation({
      name: 'send-sms',
      title: 'Send an SMS with Twilio',
      description: 'Sends a text message, or one on WhatsApp.',
      keywords: ['text', 'phone', 'notify', 'whatsapp', 'mms'],
      summary: '{to}',
      request: 'POST /Accounts/{sid}/Messages.json',
      bodyType: 'form',
      fields: {
        to,
        from: text('From', { ...number, optional: true }),
        text: longText('Text', { as: 'Body', optional: true, most: 1_600 }),
        media: texts('Images', {
          as: 'MediaUrl',
          optional: true,
          advanced: true,
          most: 10,
          help: 'Their addresses, one a line.',
        }),
        service: text('By the messaging service', {
          as: 'MessagingServiceSid',
          optional: true,
          advanced: true,
          placeholder: 'MG…',
          help: 'In place of a number.',
        }),
        template: text('Template', { as: 'ContentSid', optional: true, advanced: true, placeholder: 'HX…' }),
        values: json('Values of the template', {
          as: 'ContentVariables',
          optional: true,
          advanced: true,
          placeholder: '{"1":"Ada"}',
          send: (value) => JSON.stringify(value),
        }),
        when: moment('Send at', {
          form: 'iso',
          as: 'SendAt',
          optional: true,
          advanced: true,
          help: 'By a messaging service alone.',
        }),
        callback: text('Tells how it went', {
          as: 'StatusCallback',
          optional: true,
          advanced: true,
          help: 'An address that Twilio calls.',
        }),
      },
      body: (body, { when }) => ({ ...Object(body), ...(when !== undefined && { ScheduleType: 'fixed' }) }),
      sample: stored,
    }),
    operation({
      name: 'call',
      title: 'Call with Twilio',
      description: 'Calls a number, and says a text.',
      keywords: ['phone', 'voice', 'speak'],
      summary: '{to}',
      request: 'POST /Accounts/{sid}/Calls.json',
      bodyType: 'form',
      fields: {
        to,
        from: text('From', number),
        say: longText('Says', { at: 'nowhere', optional: true, most: 3_000 }),
        language: text('Language', { at: 'nowhere', optional: true, advanced: true, placeholder: 'en-GB' }),
        twiml: longText('TwiML', {
          as: 'Twiml',
          optional: true,
          advanced: true,
          most: 4_000,
          help: 'In place of a text.',
        }),
        url: text('Address of TwiML', { as: 'Url', optional: true, advanced: true }),
      },
      body: (body, { say, language, twiml, url }) => {
        if (say === undefined || twiml !== undefined || url !== undefined) return body
        const spoken = language === undefined ? '' : ` language="${xmlText(textOf(language))}"`
        return { ...Object(body), Twiml: `<Response><Say${spoken}>${xmlText(textOf(say))}</Say></Response>` }
      },
      sample: { sid: 'CA0123456789abcdef0123456789abcdef', status: 'queued', to: '+491701234567' },
    }),
    operation({
      name: 'list-messages',
      title: 'List messages of Twilio',
      description: 'Reads messages that were sent and received, the newest first.',
      keywords: ['sms', 'get many', 'log'],
      request: 'GET /Accounts/{sid}/Messages.json',
      fields: {
        to: text('To', { as: 'To', optional: true, placeholder: '+491701234567' }),
        from: text('From', { as: 'From', optional: true }),
        // The sign is a part of the name.
        after: moment('Sent after', { form: 'iso', as: 'DateSent>', optional: true, advanced: true }),
        before: moment('Sent before', { form: 'iso', as: 'DateSent<', optional: true, advanced: true }),
      },
      pages: pagesOf('messages'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-message',
      title: 'Get a message from Twilio',
      description: 'Reads a message, and whether it arrived.',
      keywords: ['sms', 'status', 'delivered'],
      request: 'GET /Accounts/{sid}/Messages/{message}.json',
      fields: { message: text('Message', { placeholder: 'SM…', help: 'Its SID.' }) },
      sample: { ...stored, status: 'delivered' },
    }),
  ],
})

/** A text in XML. */
function xmlText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
