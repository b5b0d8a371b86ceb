import { describe, expect, it } from 'vitest'
import { connectorManifestSchema, fieldUiSchema } from '../contract/connector-manifest.ts'
import { isJsonObject, type Json, jsonSchema } from '../domain/values/json.ts'
import { validateZap } from '../domain/zap/validate-zap.ts'
import { blankZap, type Step, zapFileSchema } from '../domain/zap/zap-file.ts'
import { apps } from './apps.ts'
import { createCatalogue, loadedList } from './catalogue.ts'
import { builtInCredentialTypes } from './credential-types.ts'
import { manifestOf } from './manifest.ts'
import { allConnectors, ownConnectors, testCatalogue } from './test-catalogue.ts'

const { find, info } = testCatalogue
const everyConnector = await allConnectors()
const manifests = everyConnector.map(manifestOf)

describe('the built-in catalogue', () => {
  it('says with each sign-in at which step the redirect address is entered', async () => {
    const ofApps = (await Promise.all(apps.map((entry) => entry.load()))).flatMap(({ credentials }) => credentials)
    const signIns = [...builtInCredentialTypes, ...ofApps].filter(({ returnsTo, help }) => returnsTo && help)
    expect(signIns.length).toBeGreaterThan(30)
    const without = signIns.filter(({ help }) => help?.steps.filter(({ showsRedirect }) => showsRedirect).length !== 1)
    // A "Desktop app" at Google knows none.
    expect(without.map(({ id }) => id)).toEqual(['google'])
  })

  it('holds the connectors that zap files rely on, for ever under these ids', () => {
    const ids = ownConnectors.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([
        'webhook.catch',
        'schedule.cron',
        'manual.run',
        'zap.failed',
        'logic.filter',
        'logic.paths',
        'logic.join',
        'logic.for-each',
        'logic.repeat-until',
        'logic.delay',
        'logic.approve',
        'logic.call-zap',
        'logic.stop',
        'logic.throttle',
        'logic.debounce',
        'logic.skip-seen',
        'data.set',
        'http.request',
        'file.append',
        'notify.show',
      ]),
    )
    for (const id of ids) expect(find(id)?.id).toBe(id)
    expect(find('no.such')).toBeUndefined()
    expect(info('no.such')).toBeUndefined()
  })

  it('refuses two connectors with one id', () => {
    expect(() => loadedList([...ownConnectors, ...ownConnectors.slice(0, 1)])).toThrow('webhook.catch')
    const list = loadedList(ownConnectors)
    expect(() => createCatalogue([list, loadedList(ownConnectors.slice(0, 1))])).toThrow('webhook')
  })

  it.each(everyConnector.map((connector) => [connector.id, connector] as const))(
    '%s keeps what it promises',
    (_id, connector) => {
      expect(connector.id).toMatch(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/)
      expect(connector.output.safeParse(connector.sample).error).toBeUndefined()
      expect(jsonSchema.safeParse(connector.sample).success).toBe(true)
      // A step of an app is found by the app's name, too.
      const fewest = connector.category === 'app' ? 0 : 3
      expect(connector.keywords?.length ?? 0, 'words that it is searched by').toBeGreaterThanOrEqual(fewest)
      expect((connector.keywords ?? []).filter((word) => word !== word.toLowerCase().trim() || word === '')).toEqual([])
      for (const [, field] of connector.summary.matchAll(/\{(\w+)\}/g)) {
        expect(Object.keys(connector.input.shape)).toContain(field)
      }
    },
  )
})

describe('manifests', () => {
  it('are what the contract says, and made once', () => {
    for (const manifest of manifests) {
      expect(connectorManifestSchema.safeParse(manifest).error).toBeUndefined()
    }
    expect(testCatalogue.manifest('http.request')).toBe(testCatalogue.manifest('http.request'))
    expect(testCatalogue.manifest('http.request')).toMatchObject({ effect: 'depends' })
  })

  it.each(manifests.map((manifest) => [manifest.id, manifest] as const))(
    '%s titles every field of its form, and knows its widgets',
    (_id, { input }) => {
      expect(input.type).toBe('object')
      for (const [name, field] of Object.entries(
        isJsonObject(input.properties ?? null) ? Object(input.properties) : {},
      )) {
        const property: Json = jsonSchema.parse(field)
        if (!isJsonObject(property)) throw new Error(`${name} is not described`)
        expect(property.title, name).toEqual(expect.any(String))
        expect(fieldUiSchema.safeParse(property.ui ?? {}).error, name).toBeUndefined()
      }
    },
  )
})

describe('info', () => {
  const check = (uses: string, input: Step['input']) =>
    info(uses)
      ?.checkInput(input)
      .map(({ path, message }) => `${path.join('.')}: ${message}`)

  it.each<[string, Step['input'], RegExp[]]>([
    ['http.request', { url: 'http://x/' }, []],
    ['http.request', {}, [/^url: is needed$/]],
    ['http.request', { url: 'ftp://x' }, [/^url: must begin with http/]],
    ['http.request', { url: '{{ hook.body.url }}' }, []],
    ['http.request', { url: 'http://x/', maxBytes: '{{ hook.body.n }}', headers: '{{ hook.headers }}' }, []],
    ['http.request', { url: 'http://x/', maxBytes: 'many' }, [/^maxBytes: /]],
    ['http.request', { url: 'http://x/', headers: { a: [1] } }, [/^headers\.a: /]],
    ['http.request', { url: 'http://x/', uri: 1 }, [/uri/]],
    ['http.request', { url: 'http://x/', auth: { $credential: 'x' } }, []],
    ['http.request', { url: 'http://x/', auth: 'x' }, [/^auth: /]],
    ['logic.filter', {}, [/^all: needs at least one condition/]],
    ['logic.filter', { all: [{ left: 'a', op: 'like', right: 'b' }] }, [/^all\.0\.op: /]],
    [
      'logic.filter',
      { all: [{ left: '', op: 'eq', right: '' }] },
      [/^all\.0\.left: needs a value$/, /^all\.0\.right: needs/],
    ],
    ['logic.filter', { any: [{ left: '{{ hook.n }}', op: 'gt', right: ' ' }] }, [/^any\.0\.right: needs a value/]],
    ['logic.filter', { all: [{ left: ' ', op: 'exists' }] }, [/^all\.0\.left: needs a value$/]],
    ['logic.filter', { all: [{ left: '{{ hook.n }}', op: 'is-empty', right: '' }] }, []],
    ['logic.filter', { all: [{ left: '{{ hook.n }}', op: 'eq', right: null }] }, []],
    [
      'logic.filter',
      { all: [{ left: 1, op: 'eq', right: 0 }, { any: [{ left: '{{ hook.n }}', op: 'in', right: '' }] }] },
      [/^all\.1\.any\.0\.right: needs/],
    ],
    [
      'logic.paths',
      { paths: [{ id: 'a', when: { all: [{ left: '{{ hook.n }}', op: 'eq', right: '' }] } }] },
      [/^paths\.0\.when\.all\.0\.right: needs/],
    ],
    [
      'logic.repeat-until',
      { until: { any: [{ left: '', op: 'ne', right: '1' }] } },
      [/^until\.any\.0\.left: needs a value$/],
    ],
    ['logic.for-each', { items: ' ' }, [/^items: /]],
    ['logic.call-zap', { zap: '  ' }, [/^zap: needs a value$/]],
    ['logic.approve', { message: ' ' }, [/^message: needs a value$/]],
    ['file.append', { path: ' ', text: 'x' }, [/^path: needs a value$/]],
    ['http.request', { url: 'https://' }, [/^url: is not a whole address/]],
    ['http.request', { url: 'https://{{ hook.host }}/' }, []],
    ['http.request', { url: 'http://x/', query: { ' ': 'b' } }, [/^query\. : has a row without a name/]],
    ['http.request', { url: 'http://x/', query: { a: '' } }, []],
    ['webhook.catch', { respond: { headers: { '': 'x' } } }, [/^respond\.headers\.: has a row without a name/]],
    ['data.set', {}, [/^fields: needs at least one value/]],
    ['data.set', { fields: {} }, [/^fields: needs at least one value/]],
    ['data.set', { fields: { a: '' } }, [/^fields\.a: needs a value/]],
    ['data.set', { fields: { a: null, b: 0, c: false, d: '{{ "" }}' } }, []],
    ['data.set', { fields: { ' ': 'x' } }, [/^fields\. : has a row without a name/]],
    ['logic.filter', { all: [{ left: 'a', op: 'matches', right: '(' }] }, [/^all\.0\.right: holds a pattern/]],
    ['logic.filter', { all: [{ left: 'a', op: 'eq' }] }, [/^all\.0\.right: needs a value/]],
    ['logic.filter', { all: [{ any: [{ left: 'a', op: 'like', right: 'b' }] }] }, [/^all\.0\.any\.0\.op: /]],
    ['logic.filter', { all: '{{ hook.rows }}' }, [/^all: /]],
    ['logic.filter', { all: [{ left: 'a', op: 'not-matches', right: '(' }] }, [/^all\.0\.right: holds a pattern/]],
    ['logic.filter', { all: [{ left: 'a', op: 'before', right: 'soon' }] }, [/^all\.0\.right: must be a date/]],
    ['logic.filter', { all: [{ left: 'a', op: 'longer-than', right: 'two' }] }, [/^all\.0\.right: must be a number/]],
    [
      'logic.filter',
      {
        all: [
          { left: 'a', op: 'not-empty' },
          { left: 'a', op: 'is-true' },
        ],
      },
      [],
    ],
    [
      'list.filter',
      { items: '{{ hook.rows }}', all: [{ left: '{{ item.a }}', op: 'after', right: '' }] },
      [/^all\.0\.right: needs a value to compare with/],
    ],
    ['list.filter', { items: '{{ hook.rows }}' }, [/^all: needs at least one condition/]],
    ['list.filter', { items: 'rows', all: [{ left: 1, op: 'eq', right: 1 }] }, [/^items: must be a list, but is text/]],
    ['list.sort', { items: '{{ hook.rows }}', by: [] }, [/^by: needs at least one field/]],
    ['list.summarize', { items: '{{ hook.rows }}', fields: [{ path: 'a' }] }, [/^fields\.0\.as: is needed/]],
    ['list.merge', { lists: ['{{ hook.rows }}'], mode: 'by-key' }, [/^key: is needed to merge/]],
    ['list.map', { items: '{{ hook.rows }}', fields: {} }, [/^fields: needs at least one value/]],
    ['schedule.cron', { cron: '{{ hook.cron }}' }, [/^cron: /]],
    ['schedule.cron', {}, [/^every: needs either/]],
    ['webhook.catch', {}, []],
    ['webhook.catch', { path: '/x' }, [/^path: /]],
    ['webhook.catch', { path: '../x' }, [/^path: must not have/]],
    ['webhook.catch', { path: 'razorpay', verify: { scheme: 'razorpay', secrets: [{ $credential: 'x' }] } }, []],
    ['webhook.catch', { verify: { scheme: 'hmac', secrets: [{ $credential: 'x' }] } }, [/^verify\.header: needs/]],
    ['webhook.catch', { verify: { scheme: 'github', secrets: [] } }, [/^verify\.secrets: needs/]],
    ['data.set', { fields: { a: '{{ hook.body }}' } }, []],
    ['file.append', { path: 'x', text: '{{ hook.body }}' }, []],
    ['notify.show', { title: '' }, [/^title: needs a title/]],
  ])('checks %s %j', (uses, input, expected) => {
    const found = check(uses, input) ?? []
    expect(found).toHaveLength(expected.length)
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern)
  })

  it('finds nothing wrong with the zap that the design shows', () => {
    const zap = zapFileSchema.parse({
      ...blankZap('Paid orders to the ledger'),
      steps: [
        {
          id: 'hook',
          uses: 'webhook.catch',
          input: { path: 'razorpay', verify: { scheme: 'razorpay', secrets: [{ $credential: 'razorpay-secret' }] } },
        },
        {
          id: 'big',
          uses: 'logic.filter',
          input: { all: [{ left: '{{ hook.body.payload.payment.entity.amount }}', op: 'gt', right: '50000' }] },
        },
        {
          id: 'post',
          uses: 'http.request',
          input: { method: 'POST', url: 'http://127.0.0.1:8080/ledger', body: '{{ hook.body }}' },
          settings: { timeoutMs: 10_000, retry: { maxAttempts: 8 }, onError: 'stop' },
        },
      ],
      edges: [
        { from: 'hook', to: 'big' },
        { from: 'big', to: 'post' },
      ],
    })
    expect(validateZap(zap, info)).toEqual([])
  })
})
