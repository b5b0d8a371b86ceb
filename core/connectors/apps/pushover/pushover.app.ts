import { isJsonList, isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, file, longText, moment, number, text, yesNo } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.pushover.net/1'

/** Pushover (https://pushover.net/api). */
export const pushover = defineApp({
  id: 'pushover',
  title: 'Pushover',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'pushover',
      title: 'Pushover account',
      fields: [{ name: 'user', title: 'User or group key', isSecret: true }],
      secret: { title: 'API token of an application' },
      help: howTo(
        'Two keys in two steps',
        { title: 'Copy your user key', link: { title: 'Pushover', url: 'https://pushover.net' } },
        {
          title: 'Create an application',
          text: 'Paste both here.',
          link: { title: 'Applications', url: 'https://pushover.net/apps/build' },
        },
      ),
      signIn: (token, { user = '' }) => ({ body: { token, user }, path: { token } }),
      async test({ at }) {
        const { body } = await at(ADDRESS)({ method: 'POST', path: 'users/validate.json', body: {}, bodyType: 'form' })
        const devices =
          isJsonObject(body) && isJsonList(body.devices ?? null) ? Object.values(Object(body.devices)) : []
        return devices.map((one) => String(one)).join(', ') || null
      },
    }),
  ],
  answers: {
    refusal: (body) =>
      isJsonObject(body) && body.status === 0
        ? { says: isJsonList(body.errors ?? null) ? Object.values(Object(body.errors)).join('; ') : '', status: 400 }
        : null,
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-limit-app-reset'])
      return headers['x-limit-app-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  lists: {
    async sounds({ http }) {
      const { body } = await http({ path: 'sounds.json', query: { token: '{token}' } })
      const sounds = isJsonObject(body) && isJsonObject(body.sounds ?? null) ? Object.entries(Object(body.sounds)) : []
      return { options: sounds.map(([value, label]) => ({ value, label: String(label) })), next: null }
    },
  },
  actions: [
    operation({
      name: 'send',
      title: 'Send with Pushover',
      description: 'Sends a notification to your devices.',
      keywords: ['push', 'phone', 'notification', 'alert', 'mobile'],
      summary: '{text}',
      fields: {
        text: longText('Text', { most: 1_024 }),
        title: text('Title', { optional: true, most: 250 }),
        priority: choice('Priority', {
          '0': 'Usual',
          '-2': 'Lowest',
          '-1': 'Quiet',
          '1': 'High',
          '2': 'Emergency: until it is confirmed',
        }),
        sound: text('Sound', { optional: true, advanced: true, from: { list: 'sounds' } }),
        device: text('Device', { optional: true, advanced: true, help: 'All of them when empty.' }),
        link: text('Opens', { optional: true, most: 512, placeholder: 'https://example.com/orders/42' }),
        linkTitle: text('Title of the link', { optional: true, advanced: true, most: 100 }),
        image: file('Image', { optional: true, advanced: true, help: 'Up to 5 MB.' }),
        html: yesNo('The text is HTML', { advanced: true }),
        when: moment('Shown time', { form: 's', optional: true, advanced: true }),
        ttl: number('Goes away after', { min: 1, optional: true, advanced: true, help: 'Seconds.' }),
        retry: number('Repeated every', {
          min: 30,
          optional: true,
          advanced: true,
          help: 'Seconds, of an emergency; 60 when empty.',
        }),
        expire: number('For', {
          min: 30,
          max: 10_800,
          optional: true,
          advanced: true,
          help: 'Seconds, of an emergency; an hour when empty.',
        }),
      },
      sample: { status: 1, request: '647d2300-702c-4b38-8b2f-d56326ae460b', receipt: 'rLqVuqTRh62UzxtmqiaLzQmVcPgiCy' },
      async run({ http, files, input }) {
        const { title, sound, device, link, linkTitle, ttl } = input
        const isEmergency = input.priority === '2'
        const when = input.when === undefined ? undefined : moment('Shown time', { form: 's' }).send?.(input.when)
        const image = input.image === undefined ? null : await files.read(input.image, 'image')
        const body = {
          message: textOf(input.text ?? ''),
          ...(title !== undefined && { title }),
          priority: textOf(input.priority ?? '0'),
          ...(isEmergency && { retry: input.retry ?? 60, expire: input.expire ?? 3_600 }),
          ...(sound !== undefined && { sound }),
          ...(device !== undefined && { device }),
          ...(link !== undefined && { url: link }),
          ...(linkTitle !== undefined && { url_title: linkTitle }),
          ...(input.html === true && { html: 1 }),
          ...(when !== undefined && { timestamp: when }),
          ...(ttl !== undefined && { ttl }),
          ...(image && {
            attachment_base64: Buffer.from(image.content).toString('base64'),
            attachment_type: image.contentType,
          }),
        }
        return (await http({ method: 'POST', path: 'messages.json', body, bodyType: 'form' })).body
      },
    }),
    operation({
      name: 'receipt',
      title: 'Get the state of an emergency of Pushover',
      description: 'Says whether an emergency was confirmed.',
      keywords: ['acknowledged', 'confirmed', 'status'],
      request: 'GET /receipts/{receipt}.json?token={token}',
      fields: { receipt: text('Receipt', { placeholder: '{{ sent.receipt }}' }) },
      sample: { status: 1, acknowledged: 1, acknowledged_at: 1_764_000_000, expired: 0 },
    }),
    operation({
      name: 'limits',
      title: 'Get the quota of Pushover',
      description: 'Reads how many messages may be sent in this month.',
      keywords: ['limit', 'remaining'],
      request: 'GET /apps/limits.json?token={token}',
      sample: { limit: 10_000, remaining: 7_496, reset: 1_764_547_200 },
    }),
  ],
})
