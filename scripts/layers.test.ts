import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
let tree = ''

/** Runs the layers' check on a small tree of our folder names; gives what it complains about. */
function check(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tree, 'case-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const bin = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const config = join(root, '.dependency-cruiser.cjs')
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]
  const result = spawnSync(process.execPath, [bin, '--config', config, '--output-type', 'err', ...folders], {
    cwd: folder,
    encoding: 'utf8',
  })
  return result.stdout
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'hookline-layers-'))
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

const db = { 'core/db/open.ts': 'export type Database = { file: string }\n' }

test('a type that the domain takes from the database is caught', () => {
  const output = check({
    ...db,
    'core/domain/bad.ts': `import type { Database } from '../db/open.ts'\nexport type Bad = Database\n`,
  })
  expect(output).toContain('domain-is-pure: core/domain/bad.ts → core/db/open.ts')
})

test('a screen that reaches into the core is caught', () => {
  const output = check({
    ...db,
    'renderer/bad.tsx': `import type { Database } from '../core/db/open.ts'\nexport type Bad = Database\n`,
  })
  expect(output).toContain('renderer-layer: renderer/bad.tsx → core/db/open.ts')
})

test('a module of Node in the domain is caught', () => {
  const output = check({
    'core/domain/bad.ts': `import { readFileSync } from 'node:fs'\nexport const bad = readFileSync\n`,
  })
  expect(output).toContain('domain-packages: core/domain/bad.ts')
})

test('a fault test that reaches into the core, past its contract, is caught', () => {
  const output = check({
    ...db,
    'faults/bad.ts': `import type { Database } from '../core/db/open.ts'\nexport type Bad = Database\n`,
  })
  expect(output).toContain('faults-layer: faults/bad.ts → core/db/open.ts')
})

test('an import that the layers allow passes', () => {
  const output = check({
    ...db,
    'core/engine/good.ts': `import type { Database } from '../db/open.ts'\nexport type Good = Database\n`,
  })
  expect(output).toContain('no dependency violations found')
})
