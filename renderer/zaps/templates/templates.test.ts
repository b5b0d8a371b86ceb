import { expect, test } from 'vitest'
import { readTemplates, TEMPLATE_GROUPS, templatesWith } from './templates.ts'

test('each template has a name of its own, a line about it, and stands with others of its group', () => {
  const templates = readTemplates()
  expect(new Set(templates.map(({ zap }) => zap.name)).size).toBe(templates.length)
  for (const { zap } of templates) expect(zap.description?.length, zap.name).toBeGreaterThan(20)
  const groups = templates.map(({ group }) => group)
  expect(groups.filter((group, at) => group !== groups[at - 1])).toEqual([...TEMPLATE_GROUPS])
})

test('a template is found by its name, by what it says of itself, by its group and by its steps', () => {
  const found = (search: string) => templatesWith(readTemplates(), search).map(({ zap }) => zap.name)
  expect(found('service down')).toEqual(['Tell me when a service is down'])
  expect(found('debounce')).toEqual(['Do it once after a burst'])
  expect(found('refund')).toEqual(['Ask me before something is done'])
  expect(found('zip.pack')).toEqual(['Pack a folder every Friday'])
  expect(found('tables form')).toContain('Form to table to notification')
  expect(found('')).toHaveLength(readTemplates().length)
})
