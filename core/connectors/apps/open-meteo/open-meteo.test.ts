import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { openMeteo } from './open-meteo.app.ts'

const account = { type: 'open-meteo', secret: JSON.stringify({ token: 'K' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'forecast',
    { latitude: 52.5, longitude: '13.4', current: 'temperature_2m', days: 3 },
    'GET /v1/forecast?apikey=K&current=temperature_2m&forecast_days=3&latitude=52.5&longitude=13.4&precipitation_unit=mm&temperature_unit=celsius&timeformat=iso8601&timezone=auto&wind_speed_unit=kmh',
  ],
  [
    'air-quality',
    { latitude: 52.5, longitude: 13.4, current: 'pm10', timezone: 'UTC' },
    'GET /v1/air-quality?apikey=K&current=pm10&latitude=52.5&longitude=13.4&timezone=UTC',
  ],
  [
    'historical',
    { latitude: 1, longitude: 2, from: '2026-01-01', to: '2026-01-02', daily: 'x' },
    'GET /v1/archive?apikey=K&daily=x&end_date=2026-01-02&latitude=1&longitude=2&precipitation_unit=mm&start_date=2026-01-01&temperature_unit=celsius&timeformat=iso8601&timezone=auto&wind_speed_unit=kmh',
  ],
  ['geocode', { name: 'Berlin' }, 'GET /v1/search?apikey=K&name=Berlin'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(openMeteo, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a condition starts a run when it begins to hold', async () => {
  const weather = (): Json => ({ current: { time: '2026-11-30T09:00', wind: 50 }, current_units: { wind: 'km/h' } })
  const input = { latitude: 1, longitude: 2, what: 'wind', is: 'above', than: 40 }
  const { sent, events } = await sentByTrigger(openMeteo, 'condition', input, { answers: weather, account })
  expect(sent.map(lineOf)).toEqual([['GET /v1/forecast?apikey=K&current=wind&latitude=1&longitude=2&timezone=auto']])
  expect(events).toEqual([
    { key: 'wind 2026-11-30T09:00', data: { what: 'wind', value: 50, time: '2026-11-30T09:00', unit: 'km/h' } },
  ])
  const calm = await sentByTrigger(openMeteo, 'condition', { ...input, is: 'below' }, { answers: weather, account })
  expect(calm.events).toEqual([])
})
