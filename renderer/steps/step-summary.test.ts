import { describe, expect, it } from 'vitest'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { cronInWords } from '../../core/domain/time/schedule-in-words.ts'
import type { Json } from '../../core/domain/values/json.ts'
import { plainTemplate } from './plain-template.ts'
import { stepSummary } from './step-summary.ts'

function base(template: string, properties: Record<string, Json>, required: readonly string[] = []): ConnectorManifest {
  return {
    id: 'x.y',
    kind: 'action',
    title: 'X',
    description: '',
    keywords: [],
    icon: 'zap',
    category: 'logic',
    input: { type: 'object', properties, required },
    ports: [{ id: 'main' }],
    portsFrom: null,
    isLoop: false,
    bodyField: null,
    itemFields: [],
    verbatim: [],
    summary: template,
    sample: null,
    effect: 'none',
  }
}

function summary(template: string, input: Record<string, Json>, properties: Record<string, Json> = {}): string | null {
  return stepSummary({ id: 'x', uses: 'x.y', input }, base(template, properties))
}

describe('step summary', () => {
  it('tells no default while what is needed beside it is not there', () => {
    const manifest = base('{folder} {glob}', { folder: {}, glob: { default: '**/*' } }, ['folder'])
    const of = (input: Record<string, Json>) => stepSummary({ id: 'x', uses: 'x.y', input }, manifest)
    expect(of({})).toBeNull()
    expect(of({ glob: '*.csv' })).toBe('*.csv')
    expect(of({ folder: 'in' })).toBe('in **/*')
  })

  it('fills in values, defaults and the last name of a template', () => {
    expect(
      summary('{method} {url}', { url: 'http://127.0.0.1:8080/{{ hook.body.kind }}' }, { method: { default: 'POST' } }),
    ).toBe('POST 127.0.0.1:8080/kind')
  })

  it('is null while nothing has been filled in', () => {
    expect(summary('{title}', {})).toBeNull()
    expect(summary('Write to {path}', { path: '' })).toBeNull()
    expect(summary('Runs when you press Run', {})).toBe('Runs when you press Run')
  })

  it.each([
    [{ all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '50' }] }, 'amount > 50'],
    [
      {
        any: [
          { left: '{{ a.x }}', op: 'eq', right: 'INR' },
          { left: '{{ a.y }}', op: 'exists' },
        ],
      },
      'x = INR or y exists',
    ],
    [
      {
        all: [
          { left: '{{ a.x }}', op: 'eq', right: 1 },
          {
            any: [
              { left: '{{ a.y }}', op: 'lt', right: '' },
              { left: '{{ a.z }}', op: 'is-empty' },
            ],
          },
        ],
      },
      'x = 1 and (y < … or z is empty)',
    ],
    [{ all: [{ left: '', op: 'eq', right: '' }] }, null],
  ])('says conditions as a person would: %j', (input, text) => {
    expect(summary('{all}', input)).toBe(text)
  })

  it('names the ways out, and other zaps, as their authors called them', () => {
    const paths: Json = [
      { id: 'path-1', name: 'Large' },
      { id: 'path-2', when: { all: [] } },
    ]
    const manifest = { ...base('{paths}', {}), portsFrom: 'paths' }
    expect(stepSummary({ id: 'x', uses: 'x.y', input: { paths } }, manifest)).toBe('Large, path-2')
    const calling = base('Runs {zap}', { zap: { type: 'string', ui: { widget: 'zap' } } })
    const step = { id: 'x', uses: 'x.y', input: { zap: 'zap_1' } }
    expect(stepSummary(step, calling, new Map([['zap_1', 'Orders']]))).toBe('Runs Orders')
    expect(stepSummary(step, calling)).toBe('Runs zap_1')
  })

  it('says a group of conditions that is one field', () => {
    const until = { all: [{ left: '{{ poll.body.state }}', op: 'eq', right: 'done' }] }
    expect(summary('until {until}', { until })).toBe('until state = done')
  })

  it('names the keys of a table and the name of a credential', () => {
    expect(summary('{fields}', { fields: { a: 1, b: 2 } })).toBe('a, b')
    expect(summary('{auth}', { auth: { $credential: 'ledger' } })).toBe('ledger')
  })
})

describe('templates and schedules in words', () => {
  it.each([
    ['{{ hook.body.amount }}', 'amount'],
    ['{{ hook.body.items[0] }}', 'items[0]'],
    ["{{ hook.headers['x-id'] | default: 'none' }}", 'x-id'],
    ['{{ hook }} and {{now}}', 'hook and now'],
    ['{{ unfinished', '{{ unfinished'],
  ])('%s reads %s', (template, text) => {
    expect(plainTemplate(template)).toBe(text)
  })

  it.each([
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['0 * * * *', 'every hour'],
    ['0 9 * * 1-5', 'weekdays at 09:00'],
    ['30 18 * * *', 'every day at 18:30'],
    ['0 8 * * 1', 'every Monday at 08:00'],
    ['0 0 1 * *', 'day 1 of every month at 00:00'],
    ['0 9 1 1 *', 'day 1 of January at 09:00'],
    ['*/50 * * * *', 'every hour at :00 and :50'],
    ['*/25 * * * *', 'every hour at :00, :25 and :50'],
    ['*/7 * * * *', '*/7 * * * *'],
    ['*/1 * * * *', 'every minute'],
    ['0-59/15 * * * *', 'every 15 minutes'],
    ['5-59/15 * * * *', 'every hour at :05, :20, :35 and :50'],
    ['10-40/15 * * * *', 'every hour at :10, :25 and :40'],
    ['0,30 * * * *', 'every 30 minutes'],
    ['20 * * * *', 'every hour at :20'],
    ['0 */6 * * *', 'every 6 hours'],
    ['0 */5 * * *', 'every day at 00:00, 05:00, 10:00, 15:00 and 20:00'],
    ['0 */7 * * *', 'every day at 00:00, 07:00, 14:00 and 21:00'],
    ['0 */13 * * *', 'every day at 00:00 and 13:00'],
    ['30 2,14 * * *', 'every day at 02:30 and 14:30'],
    ['0,30 2 * * *', 'every day at 02:00 and 02:30'],
    ['0 9 * * MON-FRI', 'weekdays at 09:00'],
    ['0 9 * * SAT,SUN', 'weekends at 09:00'],
    ['0 9 * * 6,7', 'weekends at 09:00'],
    ['0 9 * * 1,3', 'every Monday and Wednesday at 09:00'],
    ['0 9 * * mon#1', '0 9 * * mon#1'],
    ['0 9 L * *', '0 9 L * *'],
    ['0 9 15W * *', '0 9 15W * *'],
    ['0 9 ? * *', '0 9 ? * *'],
    ['0 9 1 * 1', 'day 1 of every month and every Monday at 09:00'],
    ['0 9 1 * +1', '0 9 1 * +1'],
    ['0 9 1,15 JAN,JUL *', 'day 1 and 15 of January and July at 09:00'],
    ['0 9 * 12 *', 'every day in December at 09:00'],
    ['*/30 * * * 1-5', 'every 30 minutes, weekdays'],
    ['0 0 9 * * *', 'every day at 09:00'],
    ['30 0 9 * * *', '30 0 9 * * *'],
    ['*/10 * * * * *', '*/10 * * * * *'],
    ['0 0 9 * * * 2027', '0 0 9 * * * 2027'],
    ['@daily', 'every day at 00:00'],
    ['@hourly', 'every hour'],
    ['61 * * * *', '61 * * * *'],
    ['* 9 * * *', '* 9 * * *'],
    ['', ''],
    ['{{ x }} * * * *', '{{ x }} * * * *'],
    ['*/5 9-17 * * *', '*/5 9-17 * * *'],
  ])('%s reads %s', (cron, words) => {
    expect(cronInWords(cron)).toBe(words)
  })
})
