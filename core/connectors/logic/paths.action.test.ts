import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { testCatalogue } from '../test-catalogue.ts'
import { runAction } from '../test-context.ts'
import { logicPaths } from './paths.action.ts'

const scope = { hook: { amount: 700, country: 'IN' } }

const amountOver = (id: string, right: number): Json => ({
  id,
  when: { all: [{ left: '{{ hook.amount }}', op: 'gt', right }] },
})

const run = (paths: Json, mode?: string) =>
  runAction(logicPaths, mode === undefined ? { paths } : { paths, mode }, { scope })

describe('logic.paths', () => {
  const paths = [amountOver('huge', 1_000), amountOver('large', 500), amountOver('any', 0)]

  it('goes along the first path that fits', async () => {
    expect(await run(paths)).toMatchObject({ output: { taken: ['large'] }, ports: ['large'] })
  })

  it('goes along every path that fits', async () => {
    expect(await run(paths, 'all')).toMatchObject({ output: { taken: ['large', 'any'] }, ports: ['large', 'any'] })
  })

  it('goes along "else" when none fits', async () => {
    for (const mode of ['first', 'all']) {
      expect(await run([amountOver('huge', 1_000)], mode)).toMatchObject({
        output: { taken: ['else'] },
        ports: ['else'],
      })
    }
  })

  it('renders only what it looks at, and shows the rest as it is written', async () => {
    const unread = { id: 'b', when: { any: [{ left: '{{ hook.nope }}', op: 'eq', right: 1 }] } }
    const { shownInput } = await run([amountOver('a', 1), unread])
    expect(shownInput).toEqual({
      paths: [{ id: 'a', when: { all: [{ left: 700, op: 'gt', right: 1 }] } }, unread],
      mode: 'first',
    })
    await expect(run([amountOver('a', 1), unread], 'all')).rejects.toThrow('"hook.nope" is missing')
  })

  it('lets a path ask whether something is there at all', async () => {
    const asks = { id: 'a', when: { all: [{ left: '{{ hook.nope.deeper }}', op: 'not-exists' }] } }
    expect(await run([asks])).toMatchObject({ ports: ['a'] })
  })

  it('has a port for each path, and "else"', () => {
    const step = { id: 's', uses: 'logic.paths', input: { paths: [{ id: 'a', name: 'Large' }, { id: 'b' }, 5] } }
    expect(testCatalogue.info('logic.paths')?.ports(step)).toEqual([
      { id: 'a', label: 'Large' },
      { id: 'b' },
      { id: 'else', label: 'Else' },
    ])
  })

  const when: Json = { all: [{ left: 'x', op: 'exists' }] }
  it.each<[string, Json, RegExp]>([
    ['no paths', [], /^paths needs at least one path$/],
    ['a text', 'a', /^paths must be a list$/],
    ['an id with a blank', [{ id: 'a b', when }], /^paths\.0\.id must begin with a letter/],
    ['an id that is a port already', [{ id: 'else', when }], /^paths\.0\.id must not be one of else, error, main$/],
    [
      'an id twice',
      [
        { id: 'a', when },
        { id: 'a', when },
      ],
      /^paths\.1\.id is "a", as that of an earlier path/,
    ],
    [
      'a path without conditions',
      [{ id: 'a', when: { all: [] } }],
      /^paths\.0\.when\.all needs at least one condition$/,
    ],
    ['a path that says nothing', [{ id: 'a' }], /^paths\.0\.when is needed$/],
    ['51 paths', Array.from({ length: 51 }, (_, n) => ({ id: `p${n}`, when })), /^paths must have at most 50 entries$/],
  ])('refuses %s', (_name, paths, expected) => {
    const issues = testCatalogue.info('logic.paths')?.checkInput({ paths }) ?? []
    expect(issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([expect.stringMatching(expected)])
  })
})
