import { z } from 'zod'
import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { appPoll } from '../../app-triggers.ts'
import { type AppContext, defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, moment, number, text } from '../../service/fields.ts'
import { enteredOf, formOf, operation, outputSchema } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { type Entered, type RequestLine, requestOf, type ServiceFields } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

/** Where each kind of data is; with an account below another name. */
const HOSTS = {
  forecast: 'api.open-meteo.com',
  air: 'air-quality-api.open-meteo.com',
  archive: 'archive-api.open-meteo.com',
  places: 'geocoding-api.open-meteo.com',
} as const
const paidHost = (host: string): string => `https://customer-${host}`

const place = {
  latitude: number('Latitude', { min: -90, max: 90, whole: false, placeholder: '52.52' }),
  longitude: number('Longitude', { min: -180, max: 180, whole: false, placeholder: '13.41' }),
}
const wanted = (placeholder: string, title: string) =>
  text(title, { optional: true, placeholder, help: 'In the words of Open-Meteo, with commas between.' })
const units = {
  timezone: text('Time zone', { optional: true, placeholder: 'Europe/Berlin', help: 'That of the place when empty.' }),
  temperature: choice(
    'Temperature in',
    { celsius: '°C', fahrenheit: '°F' },
    { as: 'temperature_unit', advanced: true },
  ),
  wind: choice(
    'Wind in',
    { kmh: 'km/h', ms: 'm/s', mph: 'mph', kn: 'Knots' },
    { as: 'wind_speed_unit', advanced: true },
  ),
  rain: choice('Rain in', { mm: 'mm', inch: 'Inches' }, { as: 'precipitation_unit', advanced: true }),
  time: choice('Times', { iso8601: 'As text', unixtime: 'Seconds since 1970' }, { as: 'timeformat', advanced: true }),
}
const sample = {
  latitude: 52.52,
  longitude: 13.41,
  timezone: 'Europe/Berlin',
  current: { time: '2026-11-30T09:00', temperature_2m: 4.2, weather_code: 3 },
  daily: { time: ['2026-11-30'], temperature_2m_max: [6.1], precipitation_sum: [0.4] },
}
const keywords = ['weather', 'temperature', 'rain', 'wind', 'forecast']

/** Asks one of the hosts, as those with an account may. */
async function ask(
  { http, input, account }: Pick<AppContext<never>, 'http' | 'account'> & { readonly input: Entered },
  { host, request, fields }: { readonly host: string; readonly request: RequestLine; readonly fields: ServiceFields },
): Promise<Json> {
  const isPaid = await account().then(
    () => true,
    () => false,
  )
  const asked = requestOf({ request, fields }, input)
  return (await http({ ...asked, path: `${isPaid ? paidHost(host) : `https://${host}`}/v1/${asked.path}` })).body
}

const conditionFields = {
  ...place,
  what: text('What', { placeholder: 'temperature_2m', help: 'temperature_2m, precipitation, wind_speed_10m, …' }),
  is: choice('Is', { above: 'Above', below: 'Below' }),
  than: number('Than', { whole: false }),
}
const cursorSchema = z.object({ was: z.boolean() })

const condition = appPoll({
  name: 'condition',
  title: 'The weather becomes …',
  description: 'Starts when something is above or below a number, such as the wind, and was not before.',
  keywords: [...keywords, 'alert', 'frost'],
  summary: '{what} {is} {than}',
  every: '15m',
  input: formOf(conditionFields),
  output: outputSchema,
  sample: { what: 'temperature_2m', value: -0.5, time: '2026-11-30T09:00', unit: '°C' },
  async poll({ input, http, cursor }) {
    const { latitude = 0, longitude = 0, what = '', is, than = 0 } = enteredOf(input)
    const name = textOf(what)
    const query = { latitude: textOf(latitude), longitude: textOf(longitude), current: name, timezone: 'auto' }
    const { body } = await http({ path: 'forecast', query })
    const value = valueAt(body, readPath(`current.${name}`))
    const number = typeof value === 'number' ? value : Number.NaN
    const holds = is === 'below' ? number < Number(than) : number > Number(than)
    const was = cursorSchema.safeParse(cursor).data?.was ?? false
    const time = textAt(body, 'current.time')
    const unit = valueAt(body, readPath(`current_units.${name}`)) ?? null
    const data = { what: name, value: value ?? null, time, unit }
    return { events: holds && !was ? [{ key: `${name} ${time}`, data }] : [], cursor: { was: holds } }
  },
})

const forecastFields = {
  ...place,
  current: wanted('temperature_2m,weather_code', 'Now'),
  hourly: wanted('temperature_2m,precipitation', 'By the hour'),
  daily: wanted('temperature_2m_max,precipitation_sum', 'By the day'),
  days: number('Days', { as: 'forecast_days', min: 0, max: 16, optional: true, help: '7 when empty.' }),
  past: number('Days before', { as: 'past_days', min: 0, max: 92, optional: true, advanced: true }),
  ...units,
}
const airFields = {
  ...place,
  current: wanted('european_aqi,pm2_5', 'Now'),
  hourly: wanted('pm10,ozone', 'By the hour'),
  timezone: units.timezone,
}
const pastFields = {
  ...place,
  from: moment('From', { as: 'start_date', form: 'day' }),
  to: moment('To', { as: 'end_date', form: 'day' }),
  hourly: wanted('temperature_2m', 'By the hour'),
  daily: wanted('temperature_2m_mean,precipitation_sum', 'By the day'),
  ...units,
}
const placeFields = {
  name: text('Name', { placeholder: 'Berlin', help: 'Of a place, or its postcode.' }),
  most: number('At most', { as: 'count', min: 1, max: 100, optional: true, advanced: true }),
  language: text('Language', { optional: true, advanced: true, placeholder: 'de' }),
}

/** Open-Meteo (https://open-meteo.com/en/docs): free without an account where no money is made with it. */
export const openMeteo = defineApp({
  id: 'open-meteo',
  title: 'Open-Meteo',
  icon,
  hue,
  address: ({ account }) => `${account === undefined ? `https://${HOSTS.forecast}` : paidHost(HOSTS.forecast)}/v1`,
  alsoAt: Object.values(HOSTS).flatMap((host) => [`https://${host}`, paidHost(host)]),
  account: 'optional',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'open-meteo',
      title: 'Open-Meteo key',
      secret: { title: 'API key' },
      help: howTo('Only for a paid plan', {
        title: 'Paste the key of the plan here',
        link: { title: 'Plans', url: 'https://open-meteo.com/en/pricing' },
      }),
      signIn: (apikey) => ({ query: { apikey } }),
      async test({ at }) {
        await at(`${paidHost(HOSTS.forecast)}/v1`)({
          path: 'forecast?latitude=52.52&longitude=13.41&current=temperature_2m',
        })
        return null
      },
    }),
  ],
  answers: { says: ['reason'] },
  triggers: [condition],
  actions: [
    operation({
      name: 'forecast',
      title: 'Weather forecast',
      description: 'Reads the weather of a place: now, by the hour and by the day.',
      keywords,
      summary: '{latitude}, {longitude}',
      effect: 'none',
      fields: forecastFields,
      sample,
      run: (context) =>
        ask(context, { host: HOSTS.forecast, request: 'GET /forecast?timezone=auto', fields: forecastFields }),
    }),
    operation({
      name: 'air-quality',
      title: 'Air quality',
      description: 'Reads how good the air of a place is: dust, ozone, pollen.',
      keywords: ['air', 'pollution', 'pollen', 'dust'],
      summary: '{latitude}, {longitude}',
      effect: 'none',
      fields: airFields,
      sample: {
        latitude: 52.52,
        longitude: 13.41,
        current: { time: '2026-11-30T09:00', european_aqi: 28, pm2_5: 6.3 },
      },
      run: (context) => ask(context, { host: HOSTS.air, request: 'GET /air-quality?timezone=auto', fields: airFields }),
    }),
    operation({
      name: 'historical',
      title: 'Weather of the past',
      description: 'Reads how the weather of a place was, since 1940.',
      keywords: [...keywords, 'history', 'climate'],
      summary: '{latitude}, {longitude}',
      effect: 'none',
      fields: pastFields,
      sample: { latitude: 52.52, longitude: 13.41, daily: sample.daily },
      run: (context) =>
        ask(context, { host: HOSTS.archive, request: 'GET /archive?timezone=auto', fields: pastFields }),
    }),
    operation({
      name: 'geocode',
      title: 'Find a place on the map',
      description: 'Finds latitude and longitude of a place by its name.',
      keywords: ['geocoding', 'coordinates', 'city', 'location'],
      effect: 'none',
      fields: placeFields,
      sample: {
        items: [
          { name: 'Berlin', latitude: 52.52437, longitude: 13.41053, country: 'Germany', timezone: 'Europe/Berlin' },
        ],
        count: 1,
      },
      async run(context) {
        const found = await ask(context, { host: HOSTS.places, request: 'GET /search', fields: placeFields })
        // Where there is none, the list is not there either.
        return isJsonObject(found) ? (found.results ?? []) : []
      },
    }),
  ],
})
