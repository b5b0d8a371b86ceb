import { expect, test } from 'vitest'
import { readTemplates, templatesWith } from './templates.ts'

test('there are twelve templates, each with a name of its own and a line about it', () => {
  const templates = readTemplates()
  expect(templates).toHaveLength(12)
  expect(new Set(templates.map((zap) => zap.name)).size).toBe(12)
  for (const zap of templates) expect(zap.description?.length, zap.name).toBeGreaterThan(20)
})

test('a template is found by its name, by what it says of itself, and by its steps', () => {
  const found = (search: string) => templatesWith(readTemplates(), search).map((zap) => zap.name)
  expect(found('service down')).toEqual(['Tell me when a service is down'])
  expect(found('debounce')).toEqual(['Do it once after a burst'])
  expect(found('refund')).toEqual(['Ask me before something is done'])
  expect(found('')).toHaveLength(12)
})
