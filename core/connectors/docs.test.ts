import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseZapFile, validateZap } from '../domain/zap/validate-zap.ts'
import { stepSchema, ZAP_FORMAT, zapSettingsSchema } from '../domain/zap/zap-file.ts'
import { apps } from './apps.ts'
import { allConnectors, testCatalogue } from './test-catalogue.ts'

/** Every example of a page, as what it says. */
function examplesOf(page: string): Record<string, unknown>[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json ?? ''))
}

const pages = ['connectors.md', 'webhooks.md', 'zap-file.md']
const examples = pages.flatMap((page) => examplesOf(page).map((example, n) => [`${page} ${n + 1}`, example] as const))

describe('the documentation', () => {
  it.each(examples)('example %s is one that Hookline takes', (_name, example) => {
    if (typeof example.uses === 'string') {
      expect(testCatalogue.info(example.uses)?.checkInput(stepSchema.parse(example).input)).toEqual([])
    } else if (Array.isArray(example.steps)) {
      const file = parseZapFile({ format: ZAP_FORMAT, name: 'Example', ...example })
      expect('zap' in file ? validateZap(file.zap, testCatalogue.info) : file.problems).toEqual([])
    } else expect(zapSettingsSchema.safeParse(example).error).toBeUndefined()
  })

  it('tells of every trigger and action', async () => {
    const page = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
    const text = [page('connectors.md'), ...apps.map(({ id }) => page(`apps/${id}.md`))].join('\n')
    expect((await allConnectors()).map(({ id }) => id).filter((id) => !text.includes(id))).toEqual([])
  })
})
