import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { homeAssistant } from './home-assistant.app.ts'

const account = { type: 'home-assistant', secret: JSON.stringify({ server: 'http://ha.local:8123/', token: 'T' }) }
const answers = (): Json => ({ state: 'on', last_changed: 'x' })

/** As Home Assistant documents them (developers.home-assistant.io/docs/api/rest). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'call-service',
    { service: 'light.turn_on', entity: 'light.a\nlight.b', data: { brightness: 10 } },
    'POST /api/services/light/turn_on',
    { brightness: 10, entity_id: ['light.a', 'light.b'] },
  ],
  [
    'call-service',
    { service: 'weather.get_forecasts', answers: true },
    'POST /api/services/weather/get_forecasts?return_response=',
    {},
  ],
  ['get-state', { entity: 'light.a' }, 'GET /api/states/light.a'],
  ['list-states', {}, 'GET /api/states'],
  ['set-state', { entity: 'sensor.a', state: 5 }, 'POST /api/states/sensor.a', { state: '5' }],
  ['fire-event', { event: 'done', data: { a: 1 } }, 'POST /api/events/done', { a: 1 }],
  ['render-template', { template: 'x' }, 'POST /api/template', { template: 'x' }],
  [
    'history',
    { entity: ['a.b', 'c.d'], from: '2026-11-30', brief: true },
    'GET /api/history/period/2026-11-30T00:00:00.000Z?filter_entity_id=a.b,c.d&minimal_response=&no_attributes=',
  ],
  [
    'calendar-events',
    { calendar: 'calendar.a', from: '2026-12-01', to: '2026-12-02' },
    'GET /api/calendars/calendar.a?end=2026-12-02T00:00:00.000Z&start=2026-12-01T00:00:00.000Z',
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(homeAssistant, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a state starts a run when it changes', async () => {
  const { sent, events } = await sentByTrigger(homeAssistant, 'state-poll', { entity: 'light.a' }, { answers, account })
  expect(sent.map(lineOf)).toEqual([['GET /api/states/light.a']])
  expect(events.map(({ key }) => key)).toEqual(['on x'])
})
