import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scopesOf, scopeWords } from './scope-words.ts'

test.each([
  ['https://www.googleapis.com/auth/spreadsheets', 'see and change your spreadsheets'],
  ['https://www.googleapis.com/auth/spreadsheets.readonly', 'see your spreadsheets'],
  ['https://www.googleapis.com/auth/tasks.lists.readonly', 'see your tasks lists'],
  ['https://mail.google.com/', 'read, send and delete your mail for good'],
  ['Files.ReadWrite', 'see and change your files'],
  ['CalendarEvents.Read.All', 'see your calendar events'],
  ['read:jira-work', 'see jira work'],
  ['chat:write', 'change chat'],
  ['crm.objects.contacts.read', 'see crm objects contacts'],
  ['offline_access', 'go on while you are away'],
  ['repo', 'repo'],
  ['https://example.com/a scope', 'https://example.com/a scope'],
])('%s lets it %s', (scope, words) => {
  expect(scopeWords(scope)).toBe(words)
})

test('any scope has words, which are not longer than is shown', () => {
  fc.assert(
    fc.property(fc.string(), (scope) => {
      expect(scopeWords(scope).length).toBeLessThanOrEqual(Math.max(201, scope.length + 20))
    }),
  )
  expect(scopeWords('x'.repeat(1_000))).toHaveLength(201)
  expect(scopeWords('constructor')).toBe('constructor')
})

test('what is asked for stands in the address of the page', () => {
  expect(scopesOf('https://x.example/a?scope=openid+email%20a,b')).toEqual(['openid', 'email', 'a', 'b'])
  expect(scopesOf('https://slack.com/oauth?user_scope=chat:write,users:read')).toEqual(['chat:write', 'users:read'])
  expect(scopesOf('nonsense')).toEqual([])
})
