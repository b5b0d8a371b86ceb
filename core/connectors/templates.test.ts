import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseZapFile, validateZap } from '../domain/zap/validate-zap.ts'
import { testCatalogue } from './test-catalogue.ts'

const folder = new URL('../../renderer/zaps/templates/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.zap.json'))

/** What only the person can know: which zap, which secret. */
const TO_FILL_IN: Readonly<Record<string, readonly string[]>> = {
  'morning-zap.zap.json': ['input.zap'],
  'signed-webhook.zap.json': ['input.secrets'],
}

it.each(files)('the template %s is taken as it is, but for what only its user can fill in', (name) => {
  const file = parseZapFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  if (!('zap' in file)) throw new Error(file.problems.map(({ message }) => message).join(' '))
  const problems = validateZap(file.zap, testCatalogue.info)
  expect(problems.filter((problem) => problem.severity !== 'field')).toEqual([])
  expect(problems.map((problem) => problem.field)).toEqual(TO_FILL_IN[name] ?? [])
})
