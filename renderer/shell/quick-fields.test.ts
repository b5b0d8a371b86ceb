import { expect, test } from 'vitest'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { lastOutput, quickFields, quickInput } from './quick-fields.ts'

const zap = (fields: unknown): ZapFile =>
  ({
    format: 'hookline/zap@1',
    name: 'Z',
    steps: [{ id: 'go', uses: 'manual.run', input: { fields } }],
    edges: [],
  }) as ZapFile

test('what is typed keeps the kind of what the zap has there', () => {
  const fields = quickFields(zap({ city: 'Rome', count: 3, tags: ['a'] }))
  expect(fields.map(({ name, text }) => [name, text])).toEqual([
    ['city', 'Rome'],
    ['count', '3'],
    ['tags', '["a"]'],
  ])
  expect(quickInput(fields, {})).toEqual({ city: 'Rome', count: 3, tags: ['a'] })
  expect(quickInput(fields, { city: '42', count: '7', tags: 'none' })).toEqual({ city: '42', count: 7, tags: 'none' })
})

test('a zap that asks for nothing has no fields', () => {
  expect(quickFields(zap(undefined))).toEqual([])
  expect(quickFields({ ...zap({}), steps: [] })).toEqual([])
})

test('the answer is what the last step returned, outside loops and never the trigger', () => {
  const step = (id: string, finishedAt: string | null, more = {}) => ({
    step: id,
    scope: '',
    status: 'succeeded',
    output: id,
    finishedAt,
    ...more,
  })
  const steps = [
    step('go', '2026-01-01T00:00:00Z'),
    step('late', '2026-01-01T00:00:09Z'),
    step('early', '2026-01-01T00:00:02Z'),
    step('round', '2026-01-01T00:00:10Z', { scope: '3' }),
    step('skipped', null, { status: 'skipped' }),
  ]
  // Of a step only what is looked at.
  expect(lastOutput({ steps: steps as never })).toEqual({ step: 'late', value: 'late' })
  expect(lastOutput({ steps: steps.slice(0, 1) as never })).toBe(null)
})
