import { createHash } from 'node:crypto'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { json, longText, moment, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { keyOfParts, objectAt, textAt } from '../../service/parts.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { socketAddress, streamTrigger } from '../../service/stream.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api')
const entity = text('Entity', { placeholder: 'light.kitchen', from: { list: 'entities' } })
const stored = {
  entity_id: 'light.kitchen',
  state: 'on',
  attributes: { friendly_name: 'Kitchen', brightness: 128 },
  last_changed: '2026-11-30T09:00:00.000000+00:00',
  last_updated: '2026-11-30T09:00:00.000000+00:00',
}
const nameOf = (item: Json): string =>
  textOf(valueAt(item, readPath('attributes.friendly_name')) ?? valueAt(item, readPath('entity_id')) ?? '')

const refused = (says: string): StepError =>
  new StepError({
    code: 'http-401',
    message: `Home Assistant does not take this token: enter a new one under Credentials. “${says.slice(0, 200)}”`,
    retryable: false,
  })

/** What tells one event from all others: those that come of the same have the same context, and another time or content. */
function contextOf(event: Json): string {
  return createHash('sha256').update(JSON.stringify(event)).digest('base64url')
}

/** A trigger by Home Assistant's WebSocket: it is signed in to within the connection, and asked for one thing. */
function tellingTrigger({
  subscribe,
  told,
  ...shown
}: Omit<Parameters<typeof streamTrigger>[0], 'open' | 'read'> & {
  readonly subscribe: (entered: Entered) => { readonly type: string } & Readonly<Record<string, Json>>
  readonly told: (event: Json) => { readonly key: string; readonly data: Json }
}): ReturnType<typeof streamTrigger> {
  return streamTrigger({
    ...shown,
    open: async ({ account }) => ({ url: `${socketAddress(address(account))}/websocket` }),
    read(message, { entered, account }) {
      const type = textAt(message, 'type')
      if (type === 'auth_required') return { sends: { type: 'auth', access_token: account.token ?? '' } }
      if (type === 'auth_invalid') throw refused(textAt(message, 'message'))
      if (type === 'auth_ok') return { sends: { id: 1, ...subscribe(entered) } }
      if (type === 'result') {
        if (textAt(message, 'success') === 'true') return { isReady: true }
        throw notTaken(textAt(message, 'error.message'))
      }
      return type === 'event' ? { events: [told(objectAt(message, 'event'))] } : null
    },
  })
}

const notTaken = (says: string): StepError =>
  new StepError({
    code: 'bad-input',
    message: `Home Assistant does not take what is to start the zap: “${says.slice(0, 300)}”`,
    retryable: false,
  })

/** Home Assistant (https://developers.home-assistant.io/docs/api/rest). */
export const homeAssistant = defineApp({
  id: 'home-assistant',
  title: 'Home Assistant',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'home-assistant',
      title: 'Home Assistant',
      fields: [serverField('http://homeassistant.local:8123', { title: 'Address' })],
      secret: { title: 'Long-lived access token', placeholder: 'eyJ…' },
      help: howTo(
        'A token in two steps',
        { title: 'Create a token', text: 'Your profile → Security → Long-lived access tokens.' },
        { title: 'Paste it here', text: 'With the address of your Home Assistant.' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'config', name: ['location_name', 'version'] }),
    }),
  ],
  lists: {
    async entities({ http }) {
      const { body } = await http({ path: 'states' })
      const found = isJsonList(body) ? body : []
      return {
        options: found.map((one) => ({
          value: textAt(one, 'entity_id'),
          label: nameOf(one),
          hint: textAt(one, 'entity_id'),
        })),
        next: null,
      }
    },
    async services({ http }) {
      const { body } = await http({ path: 'services' })
      const found = isJsonList(body) ? body : []
      const options = found.flatMap((one) => {
        const domain = textAt(one, 'domain')
        const services =
          isJsonObject(one) && isJsonObject(one.services ?? null) ? Object.entries(Object(one.services)) : []
        return services.map(([name, about]) => ({
          value: `${domain}.${name}`,
          label: `${domain}: ${textOf(valueAt(about as Json, readPath('name')) ?? name) || name}`,
        }))
      })
      return { options, next: null }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'state-poll',
      title: 'State changed in Home Assistant',
      description: 'Starts when the state of an entity changes.',
      keywords: ['smart home', 'sensor', 'light', 'switch', 'door'],
      every: '10s',
      fields: { entity },
      key: keyOfParts('state', 'last_changed'),
      sample: stored,
      list: async ({ http, input }) => [(await http({ path: `states/${pathPart('entity', input.entity)}` })).body],
    }),
    handTrigger({
      name: 'webhook-from-automation',
      title: 'Home Assistant calls',
      description: 'Starts at once when an automation of Home Assistant calls.',
      keywords: ['webhook', 'automation', 'smart home'],
      where: 'in Home Assistant as a “rest_command” with the method POST, which an automation then calls',
      ...OWN_HEADER,
      events: ({ body }) => [{ key: null, data: body }],
      sample: { entity_id: 'binary_sensor.door', state: 'on' },
    }),
    tellingTrigger({
      name: 'state-changed',
      title: 'Home Assistant tells of a state',
      description: 'Starts at once when the state of an entity changes, over a connection that stays open.',
      keywords: ['smart home', 'sensor', 'light', 'switch', 'door', 'at once'],
      fields: { entity },
      subscribe: ({ entity: id }) => ({
        type: 'subscribe_trigger',
        trigger: { platform: 'state', entity_id: id ?? '' },
      }),
      told: (event) => {
        const told = objectAt(event, 'variables.trigger')
        return { key: `${textAt(told, 'entity_id')} ${textAt(told, 'to_state.last_updated')}`, data: told }
      },
      sample: { platform: 'state', entity_id: 'light.kitchen', from_state: { state: 'off' }, to_state: stored },
    }),
    tellingTrigger({
      name: 'trigger',
      title: 'Any trigger of Home Assistant',
      description: 'Starts at once by a trigger as automations have them, over a connection that stays open.',
      keywords: ['smart home', 'automation', 'sun', 'numeric state', 'zone', 'device', 'at once'],
      fields: {
        trigger: json('Trigger', {
          help: 'As in an automation of Home Assistant, written as JSON.',
          placeholder: '{"platform":"numeric_state","entity_id":"sensor.hall","above":25}',
        }),
      },
      summary: '{trigger}',
      subscribe: ({ trigger }) => ({ type: 'subscribe_trigger', trigger: trigger ?? {} }),
      told: (event) => ({ key: contextOf(event), data: objectAt(event, 'variables.trigger') }),
      sample: { platform: 'numeric_state', entity_id: 'sensor.hall', above: 25, to_state: stored },
    }),
    tellingTrigger({
      name: 'event',
      title: 'Event in Home Assistant',
      description: 'Starts at once for each event of a kind, over a connection that stays open.',
      keywords: ['smart home', 'bus', 'zha', 'tag scanned', 'call service', 'at once'],
      fields: {
        event: text('Kind of event', { placeholder: 'tag_scanned', help: 'As under Developer tools → Events.' }),
      },
      subscribe: ({ event }) => ({ type: 'subscribe_events', event_type: event ?? '' }),
      told: (event) => ({ key: contextOf(event), data: event }),
      sample: { event_type: 'tag_scanned', data: { tag_id: 'a1' }, time_fired: '2026-11-30T09:00:00.000000+00:00' },
    }),
  ],
  actions: [
    operation({
      name: 'call-service',
      title: 'Do something in Home Assistant',
      description: 'Performs an action, such as to switch on a light.',
      keywords: ['smart home', 'light', 'switch', 'turn on', 'service', 'scene'],
      summary: '{service}',
      fields: {
        service: text('Action', { placeholder: 'light.turn_on', from: { list: 'services' } }),
        entity: texts('Entities', { optional: true, placeholder: 'light.kitchen', help: 'One a line.' }),
        data: pairs('Data', { optional: true, help: 'Such as brightness, or message.' }),
        answers: yesNo('The action answers', {
          advanced: true,
          help: 'For those that return something, such as a forecast.',
        }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const [domain = '', ...rest] = textOf(input.service ?? '').split('.')
        const path = `services/${pathPart('service', domain)}/${pathPart('service', rest.join('.'))}`
        const body = { ...Object(input.data ?? {}), ...(input.entity !== undefined && { entity_id: input.entity }) }
        return (
          await http({ method: 'POST', path, ...(input.answers === true && { query: { return_response: '' } }), body })
        ).body
      },
    }),
    operation({
      name: 'get-state',
      title: 'Get a state from Home Assistant',
      description: 'Reads the state of an entity.',
      keywords: ['smart home', 'sensor', 'read', 'temperature'],
      request: 'GET /states/{entity}',
      fields: { entity },
      sample: stored,
    }),
    operation({
      name: 'list-states',
      title: 'List the states of Home Assistant',
      description: 'Reads the states of all entities.',
      keywords: ['smart home', 'sensors', 'get many'],
      request: 'GET /states',
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'set-state',
      title: 'Set a state in Home Assistant',
      description: 'Sets what Home Assistant knows of an entity; a device is not touched by that.',
      keywords: ['smart home', 'sensor', 'write'],
      request: 'POST /states/{entity}',
      effect: 'idempotent',
      fields: {
        entity: text('Entity', { placeholder: 'sensor.backup' }),
        state: text('State', { placeholder: 'done', most: 255 }),
        attributes: pairs('Attributes', { optional: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'fire-event',
      title: 'Fire an event in Home Assistant',
      description: 'Fires an event that automations can listen to.',
      keywords: ['smart home', 'automation', 'trigger'],
      request: 'POST /events/{event}',
      fields: {
        event: text('Event', { placeholder: 'hookline_backup_done' }),
        data: json('Data', { at: 'nowhere', optional: true, placeholder: '{"host":"server"}' }),
      },
      body: (_, { data }) => data ?? {},
      sample: { message: 'Event hookline_backup_done fired.' },
    }),
    operation({
      name: 'render-template',
      title: 'Render a template of Home Assistant',
      description: 'Renders a template of Home Assistant’s (Jinja), which knows all states.',
      keywords: ['smart home', 'jinja', 'text'],
      request: 'POST /template',
      effect: 'none',
      fields: {
        template: longText('Template', {
          placeholder: 'It is {% raw %}{{ states("sensor.outside") }}{% endraw %} °C.',
          help: 'Braces of Home Assistant stand between {% raw %} and {% endraw %}.',
        }),
      },
      sample: { value: 'It is 4 °C.' },
    }),
    operation({
      name: 'history',
      title: 'Read the history of Home Assistant',
      description: 'Reads the states that entities had, for a day from a moment on.',
      keywords: ['smart home', 'sensor', 'past', 'log'],
      effect: 'none',
      fields: {
        entity: texts('Entities', { placeholder: 'sensor.outside', help: 'One a line.' }),
        from: moment('From', { form: 'iso', optional: true, help: 'A day ago when empty.' }),
        to: moment('To', { form: 'iso', optional: true }),
        brief: yesNo('States alone', { advanced: true, help: 'Without attributes.' }),
      },
      sample: { items: [[{ state: '4', last_changed: '2026-11-30T09:00:00+00:00' }]], count: 1 },
      async run({ http, input }) {
        const at = (given: Json | undefined, title: string) =>
          given === undefined ? undefined : textOf(moment(title, { form: 'iso' }).send?.(given) ?? '')
        const from = at(input.from, 'From')
        const entities = isJsonList(input.entity ?? null) ? Object.values(Object(input.entity)) : [input.entity ?? '']
        const query = {
          filter_entity_id: entities.map((one) => textOf(one as Json)).join(','),
          end_time: at(input.to, 'To'),
          ...(input.brief === true && { minimal_response: '', no_attributes: '' }),
        }
        return (
          await http({ path: `history/period${from === undefined ? '' : `/${from}`}`, query, maxBytes: 50_000_000 })
        ).body
      },
    }),
    operation({
      name: 'camera-snapshot',
      title: 'Get a picture of a camera of Home Assistant',
      description: 'Fetches what a camera sees now.',
      keywords: ['smart home', 'image', 'photo', 'snapshot'],
      effect: 'none',
      fields: { camera: text('Camera', { placeholder: 'camera.door' }) },
      sample: { file: { filename: 'camera.door.jpg', contentType: 'image/jpeg', bytes: 12_345 } },
      async run({ http, files, input }) {
        const answer = await http({
          path: `camera_proxy/${pathPart('camera', input.camera)}`,
          takesFile: true,
          maxBytes: 50_000_000,
        })
        const type = textOf(answer.headers['content-type'] ?? 'image/jpeg')
        return {
          file: await files.keep(
            `${textOf(input.camera ?? 'camera')}.${type.includes('png') ? 'png' : 'jpg'}`,
            answer.bytes,
            type,
          ),
        }
      },
    }),
    operation({
      name: 'calendar-events',
      title: 'List events of a calendar of Home Assistant',
      description: 'Reads the events of a calendar.',
      keywords: ['smart home', 'appointments', 'agenda'],
      request: 'GET /calendars/{calendar}',
      fields: {
        calendar: text('Calendar', { placeholder: 'calendar.family' }),
        from: moment('From', { form: 'iso', as: 'start' }),
        to: moment('To', { form: 'iso', as: 'end' }),
      },
      sample: { items: [{ summary: 'Bins', start: { date: '2026-12-01' }, end: { date: '2026-12-02' } }], count: 1 },
    }),
  ],
})
