import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { APP_PAGES, appPages, PAGE, withReference } from './connector-reference.ts'

test('the reference in docs/connectors.md is what the connectors say of themselves', async () => {
  const page = readFileSync(PAGE, 'utf8')
  expect(await withReference(page), 'run: npm run reference').toBe(page)
  expect(page).toMatch(/\| `list\.group` \| `items` `by` \| `groups` \| none \|/)
})

test('a page without its marks is not written over', async () => {
  await expect(withReference('# Triggers and actions')).rejects.toThrow('has lost its marks')
})

test('the page of each app is what the app says of itself', async () => {
  for (const [id, page] of await appPages()) {
    expect(readFileSync(join(APP_PAGES, `${id}.md`), 'utf8'), 'run: npm run reference').toBe(page)
  }
})
