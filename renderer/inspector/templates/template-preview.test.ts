import { expect, test } from 'vitest'
import { previewTemplate } from './template-preview.ts'

const scope = { hook: { name: 'Ann "Bo"\nCarr', amount: 12.5, tags: ['a', 'b'] } }
const body = '{ "name": "{{ hook.name }}", "amount": {{ hook.amount }}, "tags": {{ hook.tags }} }'

test('the preview of a body that is JSON shows it as it is sent: what pills read is escaped', () => {
  const preview = previewTemplate(body, scope, true)
  expect(preview).toEqual({
    kind: 'value',
    value: '{ "name": "Ann \\"Bo\\"\\nCarr", "amount": 12.5, "tags": ["a","b"] }',
  })
  expect(preview.kind === 'value' && JSON.parse(String(preview.value))).toEqual(scope.hook)
})

test('a body that is sent as text is shown as text', () => {
  expect(previewTemplate('{ "name": "{{ hook.name }}" }', scope)).toEqual({
    kind: 'value',
    value: '{ "name": "Ann "Bo"\nCarr" }',
  })
  expect(previewTemplate('Hello {{ hook.name }}', scope, true)).toEqual({
    kind: 'value',
    value: 'Hello Ann "Bo"\nCarr',
  })
})

test('what is not there is still said of the template as it is written', () => {
  expect(previewTemplate('{ "name": "{{ hook.nam }}" }', scope, true)).toMatchObject({ kind: 'problem' })
})
