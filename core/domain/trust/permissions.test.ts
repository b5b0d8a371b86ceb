import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { needsOf } from '../zap/zap-needs.ts'
import {
  allowanceOf,
  matchesWildcard,
  nameable,
  PERMISSION_KINDS,
  parsePermission,
  permissionKey,
  refusalText,
  refusedPermission,
} from './permissions.ts'
import { fileTouch, hostOf, hostTouches, plainPath, programLine, programTouch } from './touches.ts'

const hostOfText = (address: string) => hostTouches(address, 'reads')[0]?.what

describe('the hosts that an address leads to', () => {
  it.each([
    ['https://api.example.com/orders?x=1', 'api.example.com'],
    ['  HTTPS://API.Example.COM:443/', 'api.example.com'],
    ['http://example.com:8080', 'example.com:8080'],
    ['http://example.com./', 'example.com'],
    ['https://ada:sesame@example.com/', 'example.com'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://[::1]:8080/', '[::1]:8080'],
    ['https://münchen.example/', 'xn--mnchen-3ya.example'],
    ['https://example.com/{{ hook.body.path }}', 'example.com'],
    ['https://example.com?id={{ hook.body.id }}', 'example.com'],
    ['https://{{ hook.body.shop }}.myshop.com/x', '*.myshop.com'],
    ['https://{{ a }}{{ b }}.myshop.com/x', '*.myshop.com'],
    ['http://localhost:{{ env.PORT }}/', 'localhost:*'],
    ['https://{{ hook.body.host }}/x', '*'],
    ['https://{{ hook.body.host }}:8080/x', '*'],
    ['{{ hook.body.url }}', '*'],
    ['{% if a %}https://a.com{% endif %}', '*'],
    ['https://user{{ a }}@example.com/', 'example.com'],
    ['https://example.com{{ path }}', 'example.com*'],
    ['https://{{ never closed', '*'],
    ['ftp://example.com', '*'],
  ])('%s: %s', (address, host) => {
    expect(hostOfText(address)).toBe(host)
  })

  it('covers what the template gives, unless that leads to another host than is written', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((text) => !/^\d+$|^xn--/.test(text))
    fc.assert(
      fc.property(label, label, (shop, domain) => {
        const pattern = hostOfText(`https://{{ shop }}.${domain}.com/x`) ?? ''
        const rendered = new URL(`https://${shop}.${domain}.com/x`)
        expect(matchesWildcard(pattern, hostOf(rendered))).toBe(true)
        for (const sly of [`evil.com/`, `evil.com#`, `evil.com?`, `evil.com\\`, `evil.com:80/`]) {
          const led = new URL(`https://${sly}.${domain}.com/x`)
          expect(matchesWildcard(pattern, hostOf(led))).toBe(false)
        }
      }),
    )
  })
})

it('a path is compared as it leads, however it is written', () => {
  expect(plainPath('a/./b//c')).toBe('a/b/c')
  expect(plainPath('a/../../b')).toBe('../b')
  expect(plainPath('/a/../../b')).toBe('/b')
  expect(plainPath('a\\b')).toBe('a/b')
  const [touch] = fileTouch('logs/{{ hook.day }}.txt', 'writes')
  expect(touch?.what).toBe('logs/*.txt')
  expect(matchesWildcard('logs/*.txt', plainPath('logs/../secret/x.txt'))).toBe(false)
  expect(matchesWildcard('logs/*.txt', plainPath('logs/monday.txt'))).toBe(true)
})

it.each([
  ['.', '.'],
  ['./', '.'],
  ['a/..', '.'],
  ['a/../', '.'],
  ['.\\', '.'],
  ['/', '/'],
  ['/..', '/'],
  ['/./', '/'],
  ['..', '..'],
  ['a/../..', '..'],
  ['../', '../'],
  ['*', '*'],
  ['{{ hook.a }}/..', '.'],
])('the path %s is named %s, so that its permission can be read', (path, named) => {
  expect(fileTouch(path, 'reads')).toEqual([{ kind: 'file', what: named, access: 'reads' }])
  expect(parsePermission(`file:${named}`)).toEqual({ kind: 'file', what: named })
  if (!path.includes('{{')) expect(plainPath(path)).toBe(named)
})

it('what is approved of any length and with any blanks around it is allowed, and nothing that begins otherwise', () => {
  const what = fc.oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.string({ minLength: 1_990, maxLength: 2_300, unit: fc.constantFrom('a', ' ', '/', '\u{1f600}') }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...PERMISSION_KINDS), what, (kind, named) => {
      fc.pre(named.trim() !== '')
      const key = permissionKey(nameable({ kind, what: named }))
      expect(parsePermission(key)).toEqual(nameable({ kind, what: named }))
      expect(parsePermission(JSON.parse(JSON.stringify(key)))).toEqual(nameable({ kind, what: named }))
      const { allows } = allowanceOf({ from: 'elsewhere', review: 'done', granted: [key], denied: [] }, () => [])
      expect(allows({ kind, what: named })).toBe(true)
      if (!named.trim().startsWith('*')) expect(allows({ kind, what: `-${named}` })).toBe(false)
      const message = refusalText({ id: 'zap_1', name: 'Test' }, { kind, what: named })
      expect(refusedPermission(message)).toEqual(nameable({ kind, what: named }))
    }),
  )
})

describe('an approved program', () => {
  const allowed = (approved: string[], run: string[]): boolean => {
    const granted = programTouch(approved).map((touch) => permissionKey(nameable(touch)))
    const { allows } = allowanceOf({ from: 'elsewhere', review: 'done', granted, denied: [] }, () => [])
    return allows({ kind: 'program', what: programLine(run) })
  }

  it('may be run with whatever its templates give, nothing and blanks too', () => {
    const text = fc.oneof(
      fc.constantFrom('', ' ', '\n', '  a '),
      fc.string(),
      fc.string({ minLength: 1_900, maxLength: 2_100 }),
    )
    const literal = fc.constantFrom('-n', 'a b', '', ' ', 'x'.repeat(1_950))
    const word = fc.oneof(
      text.map((value) => ['{{ h.a }}', value] as const),
      literal.map((value) => [value, value] as const),
    )
    fc.assert(
      fc.property(fc.constantFrom('echo', ' echo', './run me'), fc.array(word, { maxLength: 4 }), (program, words) => {
        const approved = [program, ...words.map(([written]) => written)]
        expect(allowed(approved, [program, ...words.map(([, value]) => value)])).toBe(true)
        expect(allowed(approved, ['rm', ...words.map(([, value]) => value)])).toBe(false)
      }),
    )
  })

  it('may be run without arguments where a template gives the list of them', () => {
    expect(allowed(['git', '{{ h.args }}'], ['git'])).toBe(true)
    expect(allowed(['git', '{{ h.args }}'], ['gitk'])).toBe(false)
    expect(allowed(['git', 'log'], ['git'])).toBe(false)
    expect(allowed(['git'], ['git', 'log'])).toBe(false)
  })
})

it('a star stands for any text, and for nothing else', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', ':'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 })
  fc.assert(
    fc.property(pattern, text, (stars, given) => {
      const expected = new RegExp(`^${stars.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's').test(given)
      expect(matchesWildcard(stars, given)).toBe(expected)
    }),
  )
  expect(matchesWildcard('localhost:*', 'localhost')).toBe(true)
  expect(matchesWildcard('a*a', 'a')).toBe(false)
})

it('a refusal names what was refused, and can be read back, whatever its name holds', () => {
  const what = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text && text !== '')
  fc.assert(
    fc.property(fc.constantFrom(...PERMISSION_KINDS), what, fc.string(), (kind, named, name) => {
      const message = refusalText({ id: 'zap_1', name }, { kind, what: named }, ' for a reason')
      expect(refusedPermission(message)).toEqual({ kind, what: named })
    }),
  )
  expect(refusedPermission('The step failed.')).toBeUndefined()
  expect(parsePermission('nothing')).toBeUndefined()
  expect(parsePermission('host: ')).toBeUndefined()
  expect(parsePermission('local:127.0.0.1:80')).toEqual({ kind: 'local', what: '127.0.0.1:80' })
})

describe('what stored permissions allow', () => {
  const host = (what: string) => ({ kind: 'host', what }) as const
  it('is what was granted, less what was switched off', () => {
    const { allows } = allowanceOf(
      {
        from: 'elsewhere',
        review: 'done',
        granted: ['host:*.a.com', 'host:b.com', 'local:nas', 'file:x.txt'],
        denied: ['host:b.com'],
      },
      () => [],
    )
    expect(allows(host('www.a.com'))).toBe(true)
    expect(allows(host('a.com'))).toBe(false)
    expect(allows(host('b.com'))).toBe(false)
    // Who may go to it at home may go to it.
    expect(allows(host('nas'))).toBe(true)
    expect(allows({ kind: 'local', what: 'www.a.com' })).toBe(false)
    expect(allows({ kind: 'credential', what: 'x.txt' })).toBe(false)
  })

  it('is what the owner’s steps name, less what was switched off', () => {
    const { allows } = allowanceOf({ from: 'owner', denied: ['host:*'] }, () => [host('a.com'), host('*')])
    expect(allows(host('a.com'))).toBe(true)
    expect(allows(host('b.com'))).toBe(false)
  })
})

it('a zap needs each thing once, and a host that is chosen while it runs may be near', () => {
  const step = (id: string, input: Record<string, never | string | object>) => ({
    id,
    uses: 'http',
    input: input as never,
  })
  const zap = {
    format: 'hookline/zap@1' as const,
    name: 'Test',
    steps: [
      step('a', { url: 'https://a.com/1', auth: { $credential: 'k' } }),
      step('b', { url: 'https://a.com/2' }),
      step('c', { url: '{{ a.body.url }}', note: '{{ env.TOKEN }} {{ env["OTHER"] }} {{ env | json }}' }),
      step('d', { url: 'http://nas:80/' }),
    ],
    edges: [],
  }
  const needs = needsOf(
    zap,
    ({ input }) => hostTouches(input.url, 'writes'),
    (name) => name === 'nas',
  )
  expect(needs.map((need) => [permissionKey(need), need.steps.join()])).toEqual([
    ['host:a.com', 'a,b'],
    ['host:*', 'c'],
    ['local:*', 'c'],
    ['local:nas', 'd'],
    ['credential:k', 'a'],
    ['variable:TOKEN', 'c'],
    ['variable:OTHER', 'c'],
    ['variable:*', 'c'],
  ])
  expect(needs.find(({ kind }) => kind === 'credential')?.goesTo).toEqual(['a.com'])
})
