import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinPath, splitPath } from './written-path.ts'

test.each([
  ['', 'new-file', '', ''],
  ['orders.txt', 'new-file', '', 'orders.txt'],
  ['2026/orders.txt', 'file', '2026', 'orders.txt'],
  ['/srv/orders/', 'new-file', '/srv/orders', ''],
  ['/orders.txt', 'file', '/', 'orders.txt'],
  ['C:\\orders.txt', 'file', 'C:\\', 'orders.txt'],
  ['C:\\a\\b.txt', 'file', 'C:\\a', 'b.txt'],
  ['in/{{ hook.body.id }}.txt', 'new-file', 'in', '{{ hook.body.id }}.txt'],
  ['in/{{ hook.a }}/b/{{ hook.b | split: "/" }}.txt', 'new-file', 'in', '{{ hook.a }}/b/{{ hook.b | split: "/" }}.txt'],
  ['{{ hook.body.path }}', 'new-file', '', '{{ hook.body.path }}'],
  ['/srv/orders', 'folder', '/srv/orders', ''],
  ['/srv/{{ hook.body.year }}/in', 'folder', '/srv', '{{ hook.body.year }}/in'],
] as const)('%j begins, for a %s, in %j with %j', (text, picked, folder, name) => {
  expect(splitPath(text, picked)).toEqual({ folder, name })
})

test('a path that is taken apart and put together again is the same', () => {
  const part = fc.stringMatching(/^[a-z0-9 .]{1,8}$/)
  fc.assert(
    fc.property(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 5 }), part, (isAbsolute, folders, last) => {
      const path = `${isAbsolute ? '/' : ''}${folders.join('/')}/${last}`
      const { folder, name } = splitPath(path, 'new-file')
      expect(joinPath(folder, name, '/')).toBe(path)
    }),
  )
})
