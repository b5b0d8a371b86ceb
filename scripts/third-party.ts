import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A package that Hookline is made of. */
export type ThirdParty = {
  readonly name: string
  readonly version: string
  /** As its package says it, in the words of SPDX. */
  readonly licence: string
  /** The text that asks to be handed on. */
  readonly text: string
}

/** Licences under which something may be part of a program that anyone may use and sell. Others are looked at by a person first. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
])

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
  author: z.union([z.string(), z.object({ name: z.string().optional() })]).optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

/** A package in a line of TypeScript or CSS; `url(…)` is how a style names a font. */
const IMPORT = /(?:from |import |import\(|url\()['"](?:\.{2}\/node_modules\/)?(@[\w-]+\/[\w.-]+|[a-z][\w.-]*)(?=['"/])/g

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].{0,30})?$/i

/**
 * All packages that the program is made of, by name: the dependencies, what the screens import, and what those need in turn. `root` is the
 * folder of the project. Packages for other systems, and optional ones that are not installed, are left out.
 */
export function thirdParties(root: string): ThirdParty[] {
  const { dependencies } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const found = new Map<string, ThirdParty>()
  const waiting = [...Object.keys(dependencies), ...importsOfScreens(root)].map((name) => ({ name, from: root }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = findPackage(next.name, next.from, root)
    if (folder === undefined) continue
    const described = packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    const { name, version } = described
    if (found.has(`${name}@${version}`)) continue
    const { license, licenses = [] } = described
    const licence =
      typeof license === 'string' ? license : (license?.type ?? licenses.map(({ type }) => type).join(' OR '))
    const { author } = described
    const holder = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`
    found.set(`${name}@${version}`, {
      name,
      version,
      licence,
      text: licenceText(folder) ?? standardText(licence, holder),
    })
    const needed = Object.keys({ ...described.dependencies, ...described.optionalDependencies })
    waiting.push(...needed.map((dependency) => ({ name: dependency, from: folder })))
  }
  return [...found.values()].toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

/** Whether one of the licences that a package leaves to choose from, or all that it puts together, are among those that are allowed. */
export function isAllowed(licence: string): boolean {
  const words = licence.replaceAll(/[()]/g, '')
  return words.split(' OR ').some((choice) => choice.split(' AND ').every((part) => ALLOWED.has(part.trim())))
}

/** What is handed on with the program: each text once, below the packages that it is of. */
export function notices(packages: readonly ThirdParty[]): string {
  const byText = Map.groupBy(packages, ({ text }) => text)
  const parts = [...byText].map(
    ([text, of]) => `${of.map(({ name, version }) => `${name} ${version}`).join(', ')}\n\n${text}`,
  )
  const line = `\n\n${'-'.repeat(80)}\n\n`
  return ['Hookline is made with the following, under the licences that stand below each.', ...parts]
    .join(line)
    .concat('\n')
}

/** As Node looks for it: in every folder of packages from there upwards. */
function findPackage(name: string, from: string, root: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
  }
  return undefined
}

function importsOfScreens(root: string): string[] {
  const files = globSync('renderer/**/*.{ts,tsx,css}', { cwd: root }).filter((file) => !file.includes('.test.'))
  const names = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].map(([, name = '']) => name),
  )
  return [...new Set(names)]
}

function licenceText(folder: string): string | undefined {
  const files = readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name))
    .toSorted()
  return files.length === 0
    ? undefined
    : files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n')
}

function standardText(licence: string, holder: string): string {
  const text = STANDARD_TEXTS[licence]
  if (text === undefined)
    throw new Error(`${holder} brings no text of its licence ${licence}, and scripts/third-party.ts has none.`)
  return text(holder)
}

/** For packages that name their licence and bring no text of it. */
const STANDARD_TEXTS: Readonly<Record<string, (holder: string) => string>> = {
  MIT: (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"),
to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.`,
  ISC: (holder) => `ISC License

Copyright (c) ${holder}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
  Unlicense: () =>
    'This is free and unencumbered software released into the public domain. See <https://unlicense.org>.',
}
