import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('what moves the focus after a change waits for React, not for a frame that may come first', () => {
  const files = globSync('renderer/**/*.tsx')
  expect(files.length).toBeGreaterThan(100)
  // A frame is fit to wait for what is only being loaded: that asks again, with patience, and starts by a named function.
  const hasty = files.filter((file) => /requestAnimationFrame\(\(\) => (?!bring\()/.test(readFileSync(file, 'utf8')))
  expect(hasty).toEqual([])
})
