import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestCurl } from './request-curl.ts'

const request = { method: 'POST', path: '/hooks/in', query: 'a=1', headers: {} }

test('what belongs to the old connection is left out', () => {
  const headers = { host: 'x', 'content-length': '4', 'content-type': 'text/plain' }
  expect(requestCurl('http://127.0.0.1:1', { ...request, headers }, 'body')).toBe(
    `curl -X POST -H 'content-type: text/plain' --data-binary 'body' 'http://127.0.0.1:1/hooks/in?a=1'`,
  )
})

test('what is not text has no line', () => {
  expect(requestCurl('http://127.0.0.1:1', request, null)).toBeNull()
})

test('a shell takes the body as it is, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (body) => {
      fc.pre(!body.includes('\0'))
      const line = requestCurl('http://127.0.0.1:1', request, body) ?? ''
      // `printf` in the place of curl says what it was given.
      const words = execFileSync('sh', ['-c', line.replace('curl', `printf '%s\\0'`)], { encoding: 'utf8' }).split('\0')
      expect(words[words.indexOf('--data-binary') + 1]).toBe(body)
    }),
    { numRuns: 30 },
  )
})
