import { describe, expect, it } from 'vitest'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import { problemBelowField, problemWords } from './problem-words.ts'

const manifest: ConnectorManifest = {
  id: 'http.request',
  kind: 'action',
  title: 'HTTP request',
  description: '',
  keywords: [],
  icon: 'globe',
  category: 'http',
  input: {
    type: 'object',
    required: ['url'],
    properties: {
      url: { type: 'string', title: 'Address' },
      verify: { type: 'object', title: 'Check', properties: { header: { type: 'string', title: 'Header' } } },
    },
  },
  ports: [{ id: 'main' }],
  portsFrom: null,
  isLoop: false,
  bodyField: null,
  itemFields: [],
  verbatim: [],
  summary: '{url}',
  sample: null,
  effect: 'none',
}
const step = { id: 'a', name: 'Post', uses: 'http.request', input: {} }
const problem = (field: string, message: string): Problem => ({
  severity: 'field',
  code: 'bad-input',
  step: 'a',
  field,
  message,
})

describe('problem words', () => {
  it('name a field by the title of its form in a list, and not at all below the field', () => {
    const needed = problem('input.url', '"url" of the step "Post" (a) is needed.')
    expect(problemWords(needed, step, manifest)).toBe('Address is needed.')
    expect(problemBelowField(needed, step, manifest)).toBe('Address is needed.')
    const wrong = problem('input.url', '"url" of the step "Post" (a) must begin with http://.')
    expect(problemWords(wrong, step, manifest)).toBe('Address: must begin with http://.')
    expect(problemBelowField(wrong, step, manifest)).toBe('Must begin with http://.')
  })

  it('follow the titles into a group', () => {
    const inside = problem('input.verify.header', '"verify.header" of the step "Post" (a) is needed.')
    expect(problemWords(inside, step, manifest)).toBe('Check › Header is needed.')
  })

  it('leave every other sentence as it is', () => {
    const others = [problem('settings.timeoutMs', 'raw'), problem('input.url', 'raw'), problem('edges.0', 'raw')]
    for (const other of others) {
      expect(problemWords(other, step, manifest)).toBe('raw')
      expect(problemBelowField(other, step, manifest)).toBe('raw')
    }
    expect(problemWords(problem('input.url', 'raw'), undefined, manifest)).toBe('raw')
  })
})
