import { describe, expect, test } from 'vitest'
import { testCatalogue } from '../../core/connectors/test-catalogue.ts'
import { connectorManifestSchema } from '../../core/contract/connector-manifest.ts'
import { manifest } from '../draft/operations/test-manifests.ts'
import { findConnectors, marksIn } from './find-connectors.ts'

const all = testCatalogue.manifests().map((manifest) => connectorManifestSchema.parse(manifest))
const first = (search: string): string | undefined => findConnectors(all, search).connectors[0]?.id

/** What people who come from n8n, Zapier, Make, Node-RED or Shortcuts type, and the step that they look for. */
const SEARCHES: Readonly<Record<string, readonly string[]>> = {
  'webhook.catch': ['webhook', 'catch', 'catch hook', 'http in', 'incoming', 'webhok'],
  'schedule.cron': ['cron', 'schedule', 'every day', 'interval', 'timer', 'scedule', 'inject'],
  'manual.run': ['manual', 'button', 'manual trigger'],
  'zap.failed': ['error trigger', 'on error', 'failed', 'error handler'],
  'system.event': ['startup', 'wake', 'boot', 'network'],
  'logic.filter': ['filter', 'if', 'condition', 'only continue if', 'flter'],
  'logic.paths': ['switch', 'branch', 'router', 'if else', 'paths', 'route', 'otherwise'],
  'logic.join': ['join', 'wait for all', 'merge branches'],
  'logic.for-each': [
    'loop',
    'for each',
    'iterate',
    'loop over items',
    'split in batches',
    'iterator',
    'lop over items',
  ],
  'logic.repeat-until': ['while', 'until', 'repeat until'],
  'logic.delay': ['delay', 'sleep', 'wait', 'pause'],
  'logic.approve': ['approve', 'approval', 'human', 'confirm'],
  'logic.throttle': ['throttle', 'rate limit', 'slow down'],
  'logic.debounce': ['debounce', 'burst'],
  'logic.skip-seen': ['skip', 'dedupe', 'already seen'],
  'logic.stop': ['stop', 'end', 'exit', 'abort', 'throw'],
  'logic.call-zap': ['run a zap', 'sub-workflow', 'execute workflow', 'call workflow'],
  'data.set': ['set', 'set variable', 'edit fields', 'variable', 'dictionary'],
  'text.split': ['split text', 'split'],
  'http.request': ['http', 'request', 'api', 'rest', 'curl', 'fetch', 'get contents of url', 'htpp request'],
  'webhook.respond': ['respond', 'http response', 'respond to webhook'],
  'webhook.send': ['send webhook', 'outgoing webhook'],
  'file.append': ['append', 'log', 'append to text file'],
  'file.write': ['write file', 'save file'],
  'code.run': ['code', 'javascript', 'script', 'function', 'run javascript', 'custom code'],
  'json.query': ['jsonata', 'jmespath'],
  'shell.run': ['shell', 'bash', 'execute command', 'run shell script', 'command', 'terminal', 'program'],
  'list.filter': ['filter list', 'filter array', 'keep only'],
  'list.map': ['map', 'transform list', 'add column'],
  'list.sort': ['sort', 'order by', 'newest first'],
  'list.limit': ['limit', 'top', 'slice'],
  'list.unique': ['unique', 'distinct', 'remove duplicates'],
  'list.group': ['group by'],
  'list.summarize': ['sum', 'average', 'pivot', 'aggregate'],
  'list.merge': ['merge', 'vlookup', 'left join', 'append lists'],
  'list.compare': ['diff', 'compare'],
  'list.chunk': ['chunk', 'cut a list'],
  'data.pick': ['pick', 'rename keys', 'select fields'],
  'data.encode': ['base64', 'url encode'],
  'data.decode': ['base64 decode', 'decode'],
  'json.parse': ['parse json', 'json to object'],
  'text.match': ['regex', 'regular expression', 'regexp', 'capture'],
  'text.replace': ['replace', 'find and replace', 'substitute'],
  'text.extract': ['extract email', 'extract number', 'get urls from input'],
  'text.join': ['join text', 'concatenate', 'implode'],
  'date.parse': ['parse date', 'date', 'weekday', 'timestamp'],
  'date.format': ['format date', 'strftime'],
  'date.shift': ['add days', 'subtract from date', 'next week'],
  'date.between': ['days between', 'date difference', 'age'],
  'number.parse': ['parse number', 'text to number', 'float'],
  'number.format': ['format number', 'currency', 'percent'],
  'crypto.hash': ['hash', 'md5', 'sha256', 'checksum'],
  'crypto.hmac': ['hmac', 'signature'],
  'crypto.jwt': ['jwt', 'json web token', 'verify token'],
  'crypto.random': ['random', 'uuid', 'password', 'guid'],
  'csv.parse': ['csv', 'read csv'],
  'xlsx.read': ['excel', 'xlsx'],
  'form.submitted': ['form', 'form trigger', 'survey'],
  'http.poll': ['poll', 'polling', 'new items'],
  'file.watch': ['watch folder', 'local file trigger', 'new file'],
  'file.read': ['read file', 'open file'],
  'file.move': ['move file', 'rename file'],
  'file.copy': ['copy file', 'duplicate file'],
  'file.delete': ['delete file', 'trash'],
  'file.list': ['list files', 'folder contents'],
  'folder.create': ['make folder', 'new folder', 'mkdir'],
  'store.get': ['read stored value'],
  'store.set': ['store value'],
  'store.increment': ['counter', 'count up'],
  'csv.build': ['make csv', 'write csv'],
  'xlsx.write': ['make excel'],
  'xml.parse': ['xml', 'read xml'],
  'xml.build': ['make xml'],
  'html.extract': ['scrape', 'html'],
  'pdf.text': ['pdf', 'pdf to text'],
  'zip.pack': ['zip', 'compress'],
  'zip.unpack': ['unzip', 'extract archive'],
  'text.convert': ['markdown', 'html to markdown'],
  'logic.digest': ['digest'],
  'logic.on-change': ['on change', 'changed'],
  'mail.send': ['mail', 'send email', 'email', 'smtp', 'send mail', 'send emial'],
  'notify.show': ['notification', 'notify', 'toast', 'alert', 'notificaton'],
}

describe('the search for a step', () => {
  test.each(Object.entries(SEARCHES).flatMap(([id, searches]) => searches.map((search) => [search, id] as const)))(
    '“%s” finds %s first',
    (search, id) => {
      expect(first(search)).toBe(id)
    },
  )

  test.each(['xqzzy', 'quantum teleport', 'ß', '🦄 horn'])(
    '“%s” ends with the nearest steps and what does nearly everything',
    (search) => {
      const { connectors, always, isExact } = findConnectors(all, search)
      if (!isExact) {
        expect(always.map(({ id }) => id)).toEqual(['http.request', 'code.run'])
        expect(connectors).toHaveLength(3)
      }
      expect(connectors.length).toBeGreaterThan(0)
    },
  )

  test('signs alone search for nothing, and leave all steps as they are', () => {
    expect(findConnectors(all, ' !? ').connectors).toEqual(all)
  })
})

describe('apps in the search', () => {
  const step = (id: string, app: string | undefined, title: string, description = '') => ({
    ...manifest(id, 'action'),
    title,
    description,
    ...(app !== undefined && { app }),
  })
  const some = [
    step('smtp.send', undefined, 'Send mail'),
    step('gmail.send', 'Gmail', 'Send an e-mail'),
    step('gmail.label', 'Gmail', 'Label', 'Labels an email that you send'),
    step('brevo.send', 'Brevo', 'Send a transactional email'),
    step('slack.post', 'Slack', 'Send a message'),
    step('http.request', undefined, 'HTTP request'),
  ]
  const found = (search: string, ...args: [((one: { id: string }) => number)?]) => {
    const { connectors, also } = findConnectors(some, search, ...args)
    return [connectors.map(({ id }) => id), also.map(({ id }) => id)]
  }

  test('other words for the same count as the word; what only mentions it stands apart', () => {
    const [about, also] = found('send email')
    expect(about?.toSorted()).toEqual(['brevo.send', 'gmail.send', 'smtp.send'])
    expect(also).toEqual(['gmail.label'])
  })

  test('of equals, what is connected and was used stands first', () => {
    const [first] = found('send email', ({ id }) => (id === 'gmail.send' ? 0 : 1))
    expect(first?.[0]).toBe('gmail.send')
  })

  test('the name of an app leads to its steps, also where it does not have all of the words', () => {
    expect(found('gmail')[0]).toEqual(expect.arrayContaining(['gmail.send', 'gmail.label']))
    expect(found('send email to slack')[0]?.[0]).toBe('slack.post')
  })

  test('a forgiven mistake is said', () => {
    expect(findConnectors(some, 'sned emial').corrected).toBe('send email')
    expect(findConnectors(some, 'send email').corrected).toBeNull()
  })
})

test.each([
  ['Send an e-mail', 'send email', ['Send', 'e-mail']],
  ['Send a message', 'sen', ['Sen']],
  ['HTTP request', 'htpp', ['HTTP']],
  ['Send to many', 'to', ['to']],
  ['Filter', 'xyz', []],
])('in “%s” the search “%s” is marked', (title, search, marked) => {
  expect(marksIn(title, search).map(([start, end]) => title.slice(start, end))).toEqual(marked)
})

describe('a catalogue of fifty apps with ten steps each', () => {
  const many = Array.from({ length: 50 }, (_, app) =>
    Array.from({ length: 10 }, (_, at) => ({
      ...manifest(`app${app}.step${at}`, at === 0 ? 'trigger' : 'action'),
      title: ['New row', 'Send a message', 'Find a contact', 'Update a row'][at % 4] ?? '',
      description: 'Something that an app does',
      app: `Service ${app} ${'abcdefghij'.slice(0, (app % 10) + 1)}`,
    })),
  ).flat()

  test('is ten steps for the name of an app, and all that fit for what they do', () => {
    const ofOne = findConnectors(many, 'service 27').connectors.slice(0, 10)
    expect(new Set(ofOne.map(({ app }) => app))).toEqual(new Set(['Service 27 abcdefgh']))
    expect(findConnectors(many, 'send mesage').connectors).toHaveLength(150)
    expect(findConnectors([...many, ...all], 'http request').connectors[0]?.id).toBe('http.request')
  })

  test('ends with ways to go on for what none of them does', () => {
    const { isExact, connectors, always } = findConnectors([...many, ...all], 'lexoffice quux')
    expect([isExact, connectors.length, always.length]).toEqual([false, 3, 2])
  })
})
