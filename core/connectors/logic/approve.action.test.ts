import { describe, expect, it } from 'vitest'
import { PLAIN_QUESTION } from '../../domain/runs/question.ts'
import type { Json } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { callAction } from '../test-context.ts'
import { logicApprove } from './approve.action.ts'

const scope = { hook: { id: 7, amount: 900 } }
const start = Date.parse('2026-11-24T09:00:00Z')
const input: Record<string, Json> = { message: 'Refund order {{ hook.id }}?' }

const call = (more: Record<string, Json>, world: Partial<ActionContext<unknown>> = {}) =>
  callAction(logicApprove, { ...input, ...more }, { scope, notify: async () => ['desktop'] as const, ...world })

describe('logic.approve', () => {
  it('asks, and tells the person that it does', async () => {
    const told: unknown[] = []
    const notify = async (message: unknown) => {
      told.push(message)
      return ['desktop'] as const
    }
    expect(await call({ details: '{{ hook }}', expiresIn: '1d' }, { notify })).toEqual({
      wait: {
        for: 'person',
        until: start + 86_400_000,
        ask: {
          message: 'Refund order 7?',
          data: { id: 7, amount: 900 },
          question: PLAIN_QUESTION,
          // No longer than the question itself.
          linkUntil: start + 86_400_000,
        },
      },
    })
    const { answers } = PLAIN_QUESTION
    expect(told).toEqual([{ title: 'Your answer is needed', body: 'Refund order 7?', answers }])
  })

  it('waits for as long as it takes when it does not expire, and when nobody can be told', async () => {
    for (const notify of [() => Promise.reject(new Error('no desktop')), () => new Promise<never>(() => undefined)]) {
      expect(await call({}, { notify })).toMatchObject({ wait: { until: null, ask: { data: null } } })
    }
  })

  it.each<[Json, string, Json]>([
    [
      { decision: 'approved', note: 'Fine', decidedAt: '2026-11-24T09:30:00.000Z' },
      'approved',
      { decision: 'approved', note: 'Fine', decidedAt: '2026-11-24T09:30:00.000Z', via: 'app', fields: {} },
    ],
    [
      { decision: 'new', note: null, decidedAt: start, via: 'link', fields: { amount: 5 } },
      'new',
      { decision: 'new', note: null, decidedAt: '2026-11-24T09:00:00.000Z', via: 'link', fields: { amount: 5 } },
    ],
    [
      { decision: 'declined', note: null, decidedAt: start },
      'declined',
      { decision: 'declined', note: null, decidedAt: '2026-11-24T09:00:00.000Z', via: 'app', fields: {} },
    ],
    [
      null,
      'expired',
      { decision: 'expired', note: null, decidedAt: '2026-11-24T09:00:00.000Z', via: null, fields: {} },
    ],
  ])('goes on with the answer %j along "%s", and tells nobody again', async (answer, port, output) => {
    const notify = () => Promise.reject(new Error('was told again'))
    expect(await call({}, { notify, waited: { data: null, answer, since: start } })).toEqual({ output, ports: [port] })
  })

  it('asks for what is to be filled in, with the answers in the order of its buttons', async () => {
    const asked = await call({
      fields: [
        {
          name: 'amount',
          label: 'Amount of {{ hook.id }}',
          type: 'number',
          required: true,
          value: '{{ hook.amount }}',
        },
        { name: 'how', label: 'How', type: 'choice', options: ['{{ hook.id }}', 'Cash'], value: 'Cash' },
        { name: 'all', label: 'All', type: 'checkbox', value: true },
      ],
      choices: [{ id: 'half', name: 'Half of it' }, { id: 'later' }],
      approve: 'Pay {{ hook.amount }}',
    })
    expect(asked).toMatchObject({
      wait: {
        ask: {
          question: {
            fields: [
              { name: 'amount', label: 'Amount of 7', required: true, value: ['900'] },
              { name: 'how', options: ['7', 'Cash'], value: ['Cash'] },
              { name: 'all', value: ['yes'] },
            ],
            answers: [
              { id: 'approved', label: 'Pay 900' },
              { id: 'half', label: 'Half of it' },
              { id: 'later', label: 'later' },
              { id: 'declined', label: 'Decline' },
            ],
          },
          linkUntil: start + 30 * 86_400_000,
        },
      },
    })
  })

  it.each<[Record<string, Json>, string]>([
    [{ choices: [{ id: 'approved' }] }, 'must not be one of approved'],
    [{ choices: [{ id: '__proto__' }] }, 'must begin with a letter'],
    [{ choices: [{ id: 'a' }, { id: 'a' }] }, 'as that of an earlier choice'],
    [{ buttons: 'none' }, 'needs an answer, as there is no ordinary one'],
    [{ fields: [{ name: '__proto__', label: 'x' }] }, 'begins with a letter'],
    [{ fields: [{ name: 'a', label: 'x', type: 'choice' }] }, 'needs at least one choice'],
    [
      {
        fields: [
          { name: 'a', label: 'x' },
          { name: 'a', label: 'y' },
        ],
      },
      'is the name of another field too',
    ],
    [{ fields: 'many' }, 'expected array'],
    [{ linkFor: '0s' }, 'must be'],
  ])('does not ask %j', async (more, message) => {
    await expect(call(more)).rejects.toThrow(message)
  })

  it('needs a question', async () => {
    await expect(callAction(logicApprove, { message: '{{ hook.note | default: "" }}' }, { scope })).rejects.toThrow(
      'needs a question',
    )
  })
})
