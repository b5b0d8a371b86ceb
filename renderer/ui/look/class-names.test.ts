import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('no class waits for a breakpoint by a name that the tokens took away', () => {
  // tokens.css unsets every value that Tailwind brings, so that `sm:` makes no rule at all, and says nothing of that.
  const files = globSync('renderer/**/*.tsx')
  expect(files.length).toBeGreaterThan(100)
  const named = files.filter((file) => /["' `](?:max-)?(?:sm|md|lg|xl|2xl):[a-z]/.test(readFileSync(file, 'utf8')))
  expect(named).toEqual([])
})
