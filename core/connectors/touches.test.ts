import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePermission, permissionKey } from '../domain/trust/permissions.ts'
import { needsOf } from '../domain/zap/zap-needs.ts'
import { allConnectors } from './test-catalogue.ts'

const touching = (await allConnectors()).filter(({ touches }) => touches !== undefined)

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    './',
    '..',
    'a/..',
    '/..',
    '/',
    '*',
    '{{ a }}/..',
    '{{ a }}',
    '{{',
    'https://',
    'https://.',
    ' a ',
  ),
  fc.constantFrom(2_000, 2_001, 5_000).map((length) => 'a/'.repeat(length / 2 + 1)),
  fc.string(),
  fc.webUrl(),
)
const value = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }))

test.each(touching.map((connector) => [connector.id, connector] as const))(
  'what %s touches can be read back, whatever its input',
  (uses, connector) => {
    const fields = Object.keys(connector.input.shape)
    const input = fc.record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] })
    fc.assert(
      fc.property(input, text, (given, name) => {
        const asJson = JSON.parse(
          JSON.stringify({ ...given, extra: { $credential: name }, more: `{{ env["${name}"] }}` }),
        )
        const zap = {
          format: 'hookline/zap@1' as const,
          name: 'Test',
          steps: [{ id: 'a', uses, input: asJson }],
          edges: [],
        }
        for (const { kind, what } of needsOf(
          zap,
          (step) => connector.touches?.(step.input) ?? [],
          () => false,
        )) {
          expect(parsePermission(permissionKey({ kind, what }))).toEqual({ kind, what })
        }
      }),
      { numRuns: 60 },
    )
  },
)
