import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../db/test-database.ts'
import { createFileAccess } from '../../files/allowed-files.ts'
import { runAction } from '../test-context.ts'
import { fileAppend } from './append.action.ts'

it('adds a line for a text, and for whatever else one template gives', async () => {
  const folder = temporaryFolder()
  const files = createFileAccess({ all: () => [folder], closed: null })
  const scope = { hook: { body: { name: 'Ada', amount: 75, tags: ['a'], none: null } } }
  const append = (text: string) =>
    runAction(fileAppend, { path: 'out/{{ hook.body.name }}.txt', text }, { files, scope })

  expect(await append('{{ hook.body.name }} paid {{ hook.body.amount }} €')).toEqual({
    output: { path: join(folder, 'out/Ada.txt'), bytes: 16 },
  })
  for (const text of ['{{ hook.body.amount }}', '{{ hook.body.tags }}', '{{ hook.body.none }}']) await append(text)
  expect(readFileSync(join(folder, 'out/Ada.txt'), 'utf8')).toBe('Ada paid 75 €\n75\n["a"]\n\n')
})

it('asks a person after a crash in the middle of a call', () => {
  expect(fileAppend.effect).toBe('unsafe')
})
