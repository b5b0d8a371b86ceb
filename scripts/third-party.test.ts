import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAllowed, notices, thirdParties } from './third-party.ts'

const root = join(import.meta.dirname, '..')

/** A project with packages, each with what is in its `package.json` and the text of its licence. */
function projectWith(packages: Record<string, { json: object; licence?: string }>, dependencies: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-licences-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const described = {
    name: 'made',
    version: '1.0.0',
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(described))
  for (const [path, { json, licence }] of Object.entries(packages)) {
    const own = join(folder, 'node_modules', path)
    mkdirSync(own, { recursive: true })
    writeFileSync(
      join(own, 'package.json'),
      JSON.stringify({ name: path.split('node_modules/').at(-1), version: '1.0.0', ...json }),
    )
    if (licence !== undefined) writeFileSync(join(own, 'LICENSE.md'), licence)
  }
  return folder
}

test('everything that Hookline is made of, fonts too, may be handed on, with its text', () => {
  const packages = thirdParties(root)
  expect(packages.filter(({ licence }) => !isAllowed(licence))).toEqual([])
  const names = packages.map(({ name }) => name)
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)))
  for (const name of ['react', '@xyflow/react', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'])
    expect(names).toContain(name)
  const text = notices(packages)
  expect(text).toContain('SIL OPEN FONT LICENSE')
  expect(text).toContain('Permission is hereby granted, free of charge')
  for (const { name, version } of packages) expect(text).toContain(`${name} ${version}`)
})

test('what a package needs is found where Node would find it, in each version', () => {
  const folder = projectWith(
    {
      a: { json: { license: 'MIT', dependencies: { b: '2' } }, licence: 'Text of a' },
      'a/node_modules/b': { json: { version: '2.0.0', license: { type: 'ISC' } }, licence: 'Text of b' },
      b: { json: { licenses: [{ type: 'GPL-3.0' }] }, licence: 'Other text of b' },
      unused: { json: { license: 'GPL-3.0' } },
    },
    ['a', 'b', 'not-installed'],
  )
  const found = thirdParties(folder)
  expect(found.map(({ name, version, licence }) => [name, version, licence])).toEqual([
    ['a', '1.0.0', 'MIT'],
    ['b', '1.0.0', 'GPL-3.0'],
    ['b', '2.0.0', 'ISC'],
  ])
  expect(found.filter(({ licence }) => !isAllowed(licence)).map(({ version }) => version)).toEqual(['1.0.0'])
  expect(notices(found)).toContain('b 2.0.0\n\nText of b')
})

test('a package that brings no text gets that of its licence, and one whose licence has none is an error', () => {
  const named = projectWith({ a: { json: { license: 'MIT', author: { name: 'Ada' } } } }, ['a'])
  expect(notices(thirdParties(named))).toContain('Copyright (c) Ada')
  const unknown = projectWith({ a: { json: { license: 'SEE LICENSE IN ELSEWHERE' } } }, ['a'])
  expect(() => thirdParties(unknown)).toThrow('the authors of a brings no text')
})

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND Zlib', false],
  ['Apache-2.0 AND MIT', true],
  ['GPL-3.0-or-later', false],
  ['', false],
])('a licence of "%s" is allowed: %s', (licence, allowed) => {
  expect(isAllowed(licence)).toBe(allowed)
})

test('of a list of what is installed, the parts of the program stay, with what they need of each other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-parts-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const versionOf = (name: string) => thirdParties(root).find((one) => one.name === name)?.version
  const part = (name: string, group?: string) => ({
    'bom-ref': name,
    name,
    ...(group !== undefined && { group }),
    version: versionOf(group === undefined ? name : `${group}/${name}`) ?? '1.0.0',
  })
  const list = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: part('hookline') },
    components: [part('react'), part('vitest'), part('react', '@xyflow')],
    dependencies: [
      { ref: 'hookline', dependsOn: ['react', 'vitest'] },
      { ref: 'vitest', dependsOn: ['react'] },
    ],
  }
  writeFileSync(join(folder, 'all.json'), JSON.stringify(list))
  const words = [join(root, 'scripts/sbom.ts'), join(folder, 'all.json'), join(folder, 'parts.json')]
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  const parts = JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8'))
  expect(parts).toEqual({
    ...list,
    components: [part('react'), part('react', '@xyflow')],
    dependencies: [{ ref: 'hookline', dependsOn: ['react'] }],
  })
})
