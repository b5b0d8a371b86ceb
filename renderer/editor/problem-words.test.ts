import { describe, expect, it } from 'vitest'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { Problem } from '../../core/domain/problem.ts'
import { problemWords } from './problem-words.ts'

const manifest: ConnectorManifest = {
  id: 'http.request',
  kind: 'action',
  title: 'HTTP request',
  description: '',
  icon: 'globe',
  category: 'http',
  input: { type: 'object', required: ['url'], properties: { url: { type: 'string', title: 'Address' } } },
  ports: [{ id: 'main' }],
  summary: '{url}',
  sample: null,
  effect: 'none',
}
const problem = (field: string): Problem => ({ severity: 'field', code: 'input', step: 'a', field, message: 'raw' })

describe('problem words', () => {
  it('says by its title that a field is needed', () => {
    const step = { id: 'a', uses: 'http.request', input: {} }
    expect(problemWords(problem('input.url'), step, manifest)).toBe('Address is needed.')
    expect(problemWords(problem('input.url'), { ...step, input: { url: '' } }, manifest)).toBe('Address is needed.')
  })

  it('leaves every other problem as it is', () => {
    const step = { id: 'a', uses: 'http.request', input: { url: 'nonsense' } }
    expect(problemWords(problem('input.url'), step, manifest)).toBe('raw')
    expect(problemWords(problem('input.headers.accept'), step, manifest)).toBe('raw')
    expect(problemWords(problem('settings.timeoutMs'), step, manifest)).toBe('raw')
    expect(problemWords(problem('input.url'), undefined, manifest)).toBe('raw')
  })
})
