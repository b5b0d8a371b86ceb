import { expect, test } from 'vitest'
import { z } from 'zod'
import { fieldUiSchema } from '../contract/connector-manifest.ts'
import { ownConnectors } from './test-catalogue.ts'

const propertiesSchema = z.object({ properties: z.record(z.string(), z.object({ ui: fieldUiSchema.optional() })) })

test.each(
  ownConnectors.flatMap((connector) => (connector.kind === 'action' ? [[connector.id, connector] as const] : [])),
)('the form of %s knows which texts stay JSON', (_id, connector) => {
  const { properties } = propertiesSchema.parse(
    z.toJSONSchema(connector.input, { io: 'input', unrepresentable: 'any' }),
  )
  const marked = Object.entries(properties).flatMap(([name, { ui }]) =>
    ui?.jsonText === undefined ? [] : [{ name, jsonText: ui.jsonText }],
  )
  expect(marked.map(({ name }) => name)).toEqual(connector.jsonTexts?.({}) ?? [])
  // Where it depends on another field, on the same of its values.
  for (const { name, jsonText } of marked) {
    if (jsonText === true) continue
    for (const value of ['json', 'form', 'text', null]) {
      const input = value === null ? {} : { [jsonText.field]: value }
      expect(connector.jsonTexts?.(input).includes(name)).toBe(jsonText.in.includes(value))
    }
  }
})
