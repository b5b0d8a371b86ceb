import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { pagerduty } from './pagerduty.app.ts'

const account = { type: 'pagerduty', secret: JSON.stringify({ token: 'K' }) }
const answers = (): Json => ({ incident: { id: 'P1' }, incidents: [{ id: 'P1' }], more: false })

/** As @pagerduty/pdjs, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-event',
    { key: 'R', summary: 's', dedup: 'd', details: { a: 1 } },
    'POST /v2/enqueue',
    {
      routing_key: 'R',
      event_action: 'trigger',
      dedup_key: 'd',
      payload: { summary: 's', source: 'Hookline', severity: 'critical', custom_details: { a: 1 } },
    },
  ],
  [
    'send-event',
    { key: 'R', action: 'resolve', dedup: 'd' },
    'POST /v2/enqueue',
    { routing_key: 'R', event_action: 'resolve', dedup_key: 'd' },
  ],
  [
    'create-incident',
    { title: 't', service: 'S', text: 'x', by: 'a@b.c' },
    'POST /incidents',
    {
      incident: {
        type: 'incident',
        title: 't',
        service: { id: 'S', type: 'service_reference' },
        body: { type: 'incident_body', details: 'x' },
        incident_key: 'run_1:step',
      },
    },
  ],
  [
    'update-incident',
    { incident: 'P1', status: 'resolved', by: 'a@b.c' },
    'PUT /incidents/P1',
    { incident: { type: 'incident_reference', status: 'resolved' } },
  ],
  [
    'list-incidents',
    { status: 'triggered', limit: 5 },
    'GET /incidents?limit=5&sort_by=created_at:desc&statuses[]=triggered',
  ],
  ['add-note', { incident: 'P1', text: 'n', by: 'a@b.c' }, 'POST /incidents/P1/notes', { note: { content: 'n' } }],
])('%s %j', async (uses, input, ...expected) => {
  const from: unknown[] = []
  const answer = (_: unknown, headers: Readonly<Record<string, string | undefined>>): Json => {
    from.push(headers.from)
    return answers()
  }
  const { sent } = await sentByUs(pagerduty, uses, input, { answers: answer, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Token token=K')
  if ('by' in input) expect(from).toEqual(['a@b.c'])
})

it('new incidents are the last ones', async () => {
  const { events } = await sentByTrigger(pagerduty, 'new-incident', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['P1'])
})
