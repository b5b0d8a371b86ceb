import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
// What decisions and measured tables name is what there was on their day.
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md') && page !== 'docs/performance.md')
const PATH = /`((?:core|electron|headless|renderer|e2e|faults|bench|scripts)\/[A-Za-z0-9_./-]{1,100})`/g

test.each(pages)('%s names only files that there are', (page) => {
  const named = [...readFileSync(join(root, page), 'utf8').matchAll(PATH)].map(([, path = '']) => path)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
