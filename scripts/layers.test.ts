import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

const importDatabase = (from: string): string =>
  `import type { Database } from '${from}'\nexport type Mine = Database\n`

/** A small tree of our folder names: one import that is allowed, and some that are not. */
const FILES = {
  'core/db/open.ts': 'export type Database = { file: string }\n',
  'core/engine/good.ts': importDatabase('../db/open.ts'),
  'core/domain/bad-type.ts': importDatabase('../db/open.ts'),
  'core/domain/bad-module.ts': `import { readFileSync } from 'node:fs'\nexport const bad = readFileSync\n`,
  'renderer/bad.tsx': importDatabase('../core/db/open.ts'),
  'renderer/draft/bad-room.ts': `import type { Card } from '../canvas/card.ts'\nexport type Mine = Card\n`,
  'renderer/canvas/card.ts': `import type { Wire } from './wire.ts'\nexport type Card = { wires: Wire[] }\n`,
  'renderer/canvas/wire.ts': `import type { Card } from './card.ts'\nexport type Wire = { from: Card }\n`,
  'core/domain/circle-a.ts': `import type { B } from './circle-b.ts'\nexport type A = B | null\n`,
  'core/domain/circle-b.ts': `import type { A } from './circle-a.ts'\nexport type B = { a: A }\n`,
  'headless/bad-http.ts': `import { createServer } from 'node:http'\nexport const bad = createServer\n`,
  'headless/good-http.ts': `import type { Server } from 'node:http'\nexport type Mine = Server\n`,
  'faults/bad.ts': importDatabase('../core/db/open.ts'),
}

let tree = ''
let output = ''

// Once for all of them: the check takes seconds to start.
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'hookline-layers-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  const bin = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const config = join(root, '.dependency-cruiser.cjs')
  const folders = [...new Set(Object.keys(FILES).map((path) => path.split('/')[0] ?? ''))]
  const args = [bin, '--config', config, '--output-type', 'err', ...folders]
  output = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' }).stdout
}, 60_000)
afterAll(() => rmSync(tree, { recursive: true, force: true }))

test.each([
  ['a type that the domain takes from the database', 'domain-is-pure: core/domain/bad-type.ts → core/db/open.ts'],
  ['a module of Node in the domain', 'domain-packages: core/domain/bad-module.ts'],
  ['a host that loads fetch with its server', 'http-without-fetch: headless/bad-http.ts → http'],
  ['a screen that reaches into the core', 'renderer-layer: renderer/bad.tsx → core/db/open.ts'],
  ['a draft that knows the canvas', 'room-draft: renderer/draft/bad-room.ts → renderer/canvas/card.ts'],
  ['a circle of types in the screens', 'no-cycles-in-screens: renderer/canvas/card.ts → '],
  ['a circle, be it of types alone,', 'no-cycles: core/domain/circle-a.ts'],
  ['a fault test that reaches into the core, past its contract,', 'faults-layer: faults/bad.ts → core/db/open.ts'],
])('%s is caught', (_what, complaint) => {
  expect(output).toContain(complaint)
})

test('an import that the layers allow passes', () => {
  expect(output).toContain('dependency violations')
  expect(output).not.toContain('core/engine/good.ts')
})
