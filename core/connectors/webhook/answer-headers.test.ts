import { expect, test } from 'vitest'
import { checkAnswerHeaders } from './answer-headers.ts'

test.each(['https://example.com', 'HTTP://example.com/a?b#c', '/thanks', '/a//b', 'thanks?id=1', '?a=1', '#top', '/'])(
  'an answer may lead to %s',
  (address) => {
    for (const headers of [
      { Location: address },
      { refresh: `0; url=${address}` },
      { refresh: `1.5;URL = "${address}"` },
    ]) {
      expect(() => checkAnswerHeaders(headers)).not.toThrow()
    }
  },
)

test.each([
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  ' //evil.example',
  '///evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:\\\\evil.example',
  'javascript:alert(1)',
  'JAVASCRIPT:alert(1)',
  'data:text/html,<script>1</script>',
  'file:///etc/passwd',
  'vbscript:x',
  'ftp://example.com/',
  'http://',
  `/${'x'.repeat(10_000)}`,
])('an answer never leads to %j', (address) => {
  for (const headers of [
    { location: address },
    { Location: address },
    { refresh: `0;url=${address}` },
    { refresh: `0,${address}` },
  ]) {
    expect(() => checkAnswerHeaders(headers)).toThrow(/redirect|character/)
  }
})

test('a page may say that it wants to be loaded again', () => {
  for (const refresh of ['5', '0', '5;', '2.5; ']) expect(() => checkAnswerHeaders({ refresh })).not.toThrow()
})
