import { expect, it } from 'vitest'
import { parseTemplate, templateFilters } from '../../../core/domain/templates/template.ts'
import { textOf } from '../../../core/domain/values/json.ts'
import { filtersLike, TEMPLATE_FILTERS, UNOFFERED_FILTERS } from './template-filters.ts'

const item = {
  tags: ['new'],
  more: ['paid'],
  lines: [
    { sku: 'A1', price: 10 },
    { sku: 'B2', price: 20 },
  ],
}

it.each(TEMPLATE_FILTERS)('the example of $name becomes what is said', ({ example, result, name }) => {
  expect(example).toContain(`| ${name}`)
  expect(textOf(parseTemplate(example).render({ item }))).toBe(result)
})

it('every filter of the engine is offered, or left out on purpose', () => {
  const offered = TEMPLATE_FILTERS.map(({ name }) => name)
  expect([...offered, ...UNOFFERED_FILTERS].toSorted()).toEqual(templateFilters().toSorted())
})

it('filters are found by how they begin, then by what they do', () => {
  expect(filtersLike('re').map(({ name }) => name)[0]).toBe('replace')
  expect(filtersLike('large').map(({ name }) => name)).toEqual(['upcase', 'capitalize', 'at_least'])
  expect(filtersLike('')).toHaveLength(TEMPLATE_FILTERS.length)
})
