import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PAGE, withReference } from './connector-reference.ts'

test('the reference in docs/connectors.md is what the connectors say of themselves', async () => {
  const page = readFileSync(PAGE, 'utf8')
  expect(await withReference(page), 'run: npm run reference').toBe(page)
  expect(page).toMatch(/\| `list\.group` \| `items` `by` \| `groups` \| none \|/)
})

test('a page without its marks is not written over', async () => {
  await expect(withReference('# Triggers and actions')).rejects.toThrow('has lost its marks')
})
