import { describe, expect, test } from 'vitest'
import { withoutBodyProof, withoutProof, withoutSecrets } from './secret-headers.ts'

const headers = {
  authorization: 'Bearer s3cret',
  'x-gitlab-token': 's3cret',
  'x-mine': 's3cret',
  'x-hub-signature-256': 'sha256=00',
  'content-type': 'application/json',
}

describe('of a request that is believed', () => {
  test.each([
    ['basic', undefined, 'authorization'],
    ['bearer', undefined, 'authorization'],
    ['gitlab', undefined, 'x-gitlab-token'],
    ['header', 'X-Mine', 'x-mine'],
  ] as const)('the secret of the scheme %s is hidden, and nothing else', (scheme, header, name) => {
    expect(withoutProof(headers, { scheme, header })).toEqual({
      ...headers,
      [name]: name === 'authorization' ? 'Bearer (hidden)' : '(hidden)',
    })
  })

  test('a signature is shown, and so is what proves nothing to this webhook', () => {
    expect(withoutProof(headers, { scheme: 'github', header: undefined })).toEqual(headers)
    expect(withoutProof(headers, null)).toEqual(headers)
  })
})

test('of a request that starts nothing, whatever looks like a secret is hidden', () => {
  expect(withoutSecrets({ ...headers, cookie: 'a=b' }, null)).toEqual({
    ...headers,
    cookie: '(hidden)',
    authorization: 'Bearer (hidden)',
    'x-gitlab-token': '(hidden)',
  })
  expect(withoutSecrets(headers, { scheme: 'header', header: 'x-mine' })).toMatchObject({ 'x-mine': '(hidden)' })
})

test.each([
  [
    'a field',
    'token',
    '{"token": "s3cret", "text":"say \\"s3cret\\"", "n": 12345678901234567890}',
    '{"token": "(hidden)", "text":"say \\"s3cret\\"", "n": 12345678901234567890}',
  ],
  [
    'a field of each item',
    'value[*].state',
    '{"value":[{"state":"a"},{"state":"b"}]}',
    '{"value":[{"state":"(hidden)"},{"state":"(hidden)"}]}',
  ],
  ['a field that is written otherwise', 'token', '{"token":"s3cr\\u0065t","a": 1}', '{"token":"(hidden)","a":1}'],
  ['no field', 'token', '{"a": "s3cret"}', '{"a": "s3cret"}'],
  ['no JSON', 'token', 'token=s3cret', 'token=s3cret'],
])('a secret in %s of a body is not kept', (_, at, sent, kept) => {
  expect(withoutBodyProof(Buffer.from(sent), { scheme: 'in-body', at }).toString()).toBe(kept)
  expect(withoutBodyProof(Buffer.from(sent), { scheme: 'in-body', at, signed: '{body.a}' }).toString()).toBe(sent)
  expect(withoutBodyProof(Buffer.from(sent), null).toString()).toBe(sent)
})
