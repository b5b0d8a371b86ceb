import { expect, test } from 'vitest'
import { z } from 'zod'
import type { App } from './app-parts.ts'
import { createCatalogue } from './catalogue.ts'
import { defineCredential } from './credential.ts'
import { defineTrigger } from './define.ts'
import { appAction, defineApp } from './define-app.ts'
import { defineFamily, type FamilyEntry, familyList, familyManifestOf } from './family-list.ts'
import { runAction } from './test-context.ts'

const echo = appAction({
  name: 'echo',
  title: 'Echo',
  description: 'Passes a text on.',
  summary: '{text}',
  effect: 'none',
  input: z.strictObject({ text: z.string().meta({ title: 'Text' }) }),
  output: z.object({ text: z.string() }),
  sample: { text: '' },
  run: async ({ input }) => ({ text: input.text }),
})

const key = (id: string) =>
  defineCredential({ id, title: 'Key', fields: [{ name: 'key', title: 'Key', isSecret: true }], signIn: () => ({}) })

const app = (id: string, more: Partial<Parameters<typeof defineApp>[0]> = {}): App =>
  defineApp({
    id,
    title: id,
    icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    hue: 0,
    address: 'https://example.com',
    actions: [echo],
    credentials: [key(id)],
    ...more,
  })

/** A list of apps that says what was read and loaded. */
function listOf(ids: readonly string[], load: (id: string) => Promise<App> = async (id) => app(id)) {
  const read: string[] = []
  const loaded: string[] = []
  const entries = ids.map((id): FamilyEntry => {
    const loadIt = (): Promise<App> => {
      loaded.push(id)
      return load(id)
    }
    return { id, load: loadIt }
  })
  const list = familyList(entries, (id) => {
    read.push(id)
    return familyManifestOf(app(id))
  })
  return { list, read, loaded, catalogue: createCatalogue([list]) }
}

test('an app costs nothing until a zap uses it, and is loaded once', async () => {
  const { catalogue, read, loaded } = listOf(['one', 'two'])
  expect(catalogue.load([{ uses: 'other.step' }])).toBeUndefined()
  expect([read, loaded]).toEqual([[], []])
  expect(catalogue.info('one.echo')).toMatchObject({ kind: 'action', title: 'Echo', isLoop: false })
  expect([read, loaded]).toEqual([['one'], []])
  await Promise.all([catalogue.load([{ uses: 'one.echo' }]), catalogue.load([{ uses: 'one.echo' }])])
  expect(catalogue.find('one.echo')?.id).toBe('one.echo')
  expect(catalogue.load([{ uses: 'one.echo' }])).toBeUndefined()
  expect([read, loaded]).toEqual([['one'], ['one']])
})

test('what is not loaded is a fault of the caller, and what there is not is undefined', () => {
  const { catalogue } = listOf(['one'])
  expect(() => catalogue.find('one.echo')).toThrow('one.echo is not loaded')
  expect(() => catalogue.info('one.echo')?.checkInput({})).toThrow('one.echo is not loaded')
  expect(catalogue.find('one.gone')).toBeUndefined()
  expect(catalogue.info('one.gone')).toBeUndefined()
  expect(catalogue.find('three.echo')).toBeUndefined()
})

test('the palette sees every app, of which none is loaded by that', () => {
  const { catalogue, loaded } = listOf(['one', 'two'])
  expect(catalogue.manifests().map(({ id }) => id)).toEqual(['one.echo', 'two.echo'])
  expect(catalogue.credentialTypes().map(({ id }) => id)).toEqual(['one', 'two'])
  expect(loaded).toEqual([])
})

test('a type of credential brings its app', async () => {
  const { catalogue, loaded } = listOf(['one'])
  expect(catalogue.credentialTypeInfo('one')?.fields).toHaveLength(1)
  expect(loaded).toEqual([])
  expect((await catalogue.credentialType('one'))?.signIn?.({})).toEqual({})
  expect(catalogue.credentialType('two')).toBeUndefined()
})

test.each<[string, (id: string) => Promise<App>, string]>([
  ['cannot be loaded', () => Promise.reject(new Error('no such file')), 'no such file'],
  ['is older than its manifest', async (id) => app(id, { actions: [] }), 'it has no "one.echo"'],
])('an app that %s says so where it is used, and keeps nothing else from working', async (_how, load, why) => {
  const { catalogue } = listOf(['one', 'two'], (id) => (id === 'one' ? load(id) : Promise.resolve(app(id))))
  await catalogue.load([{ uses: 'one.echo' }, { uses: 'two.echo' }])
  const message = `"one.echo" could not be loaded (${why}): install Hookline again.`
  expect(catalogue.info('one.echo')?.checkInput({})).toEqual([{ path: [], message: `cannot be checked. ${message}` }])
  const broken = catalogue.find('one.echo')
  if (broken?.kind !== 'action') throw new Error('it has lost its place')
  await expect(runAction(broken, { text: '{{ gone }}' })).rejects.toMatchObject({
    details: { code: 'broken-connector', message },
  })
  expect(catalogue.info('two.echo')?.checkInput({ text: 'x' })).toEqual([])
})

test('a family of steps has no step of another one', () => {
  const { connectors } = app('one')
  expect(defineFamily('one', connectors).connectors).toEqual(connectors)
  expect(() => defineFamily('two', connectors)).toThrow('one.echo is part of the family two')
})

test('ids of an app begin with its own, and no two apps share one', () => {
  const foreign = defineTrigger({
    id: 'two.call',
    title: '',
    description: '',
    icon: 'webhook',
    category: 'webhook',
    summary: '',
    input: z.strictObject({}),
    output: z.null(),
    sample: null,
    source: { from: 'person' },
  })
  expect(() => app('one', { triggers: [() => foreign] })).toThrow('two.call')
  expect(() => app('one', { credentials: [key('oneself')] })).toThrow('oneself')
  expect(() => listOf(['one', 'one'])).toThrow('same id')
  expect(() => createCatalogue([listOf(['one']).list, listOf(['one']).list])).toThrow('one')
})
