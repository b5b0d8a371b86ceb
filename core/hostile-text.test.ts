import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { sharedKey } from './connectors/crypto/jwt.ts'
import { decoded, encoded } from './connectors/data/recode.ts'
import { readNumberWith } from './connectors/kit/guess-number.ts'
import { findPattern } from './connectors/kit/pattern.ts'
import { programFailed } from './connectors/kit/program-output.ts'
import { withQuery } from './connectors/kit/signed-in.ts'
import { moment } from './connectors/service/fields.ts'
import { pathPart } from './connectors/service/request.ts'
import { remoteFile, sftpError } from './connectors/sftp/sftp-session.ts'
import { filledIn } from './domain/curl/command-text.ts'
import { curlStep } from './domain/curl/curl-step.ts'
import { posixCommand } from './domain/curl/posix-words.ts'
import { powerShellCommand, promptCommand } from './domain/curl/windows-words.ts'
import { nearestNames } from './domain/tables/table.ts'
import { evaluateRow } from './domain/templates/condition.ts'
import { templateFilters } from './domain/templates/liquid.ts'
import { parseLiquid } from './domain/templates/template-engine.ts'
import { syntaxError } from './domain/templates/template-errors.ts'
import { parseTimeBound } from './domain/time/time-bound.ts'
import { writtenNumber } from './domain/values/decimal.ts'
import { bodyText, readContentType } from './ingress/body-text.ts'
import { decode } from './ingress/proof-values.ts'
import { withoutBodyProof } from './ingress/secret-headers.ts'
import {
  type Attack,
  attacksOn,
  type FoundReader,
  findPatterns,
  findReaders,
  growsTooFast,
} from './test-hostile-text.ts'

const patterns = findPatterns()
/** Times that something must be seen to be slow. */
const LOOKS = 4

/** What stands before and behind. */
const AROUND = [
  ['', ''],
  ['', 'x'],
  ['"', '"x'],
  ['a=', '!'],
  ['1', 'x'],
  ['text/plain; charset=', '"a"b'],
] as const

/** Text for which readers of all kinds have taken too long somewhere. */
const ATTACKS: readonly Attack[] = [
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    '1',
    '9',
    'a',
    'a&',
    'a=b&',
    'a,',
    'a;',
    'a ',
    '-',
    '.',
    '/',
    '\\',
    '"',
    "'",
    '%',
    '%41',
    '%zz',
    '+',
    '=',
    '&',
    ';',
    ':',
    '@',
  ],
  ...[
    '{',
    '{}',
    '{},',
    '[',
    '[],',
    '{"a":',
    '{"$blob":1},',
    '{{',
    '{%',
    '{{ a }}',
    '<',
    '<a>',
    '<!--',
    '&amp;',
    '1h',
    '1h ',
    '0.',
    '1.',
    '1e',
    '\\u0000',
  ],
  ...['é', '\ud800', '\u{1f600}', '\u202e', 'a=b; ', 'charset=', '"a",', '*/1,', '0,', '1-', 'L', '?'],
].flatMap((pump) => AROUND.map(([prefix, suffix]) => ({ prefix, pump, suffix })))

function expectBounded(name: string, attacks: readonly Attack[], work: (text: string) => unknown): void {
  const quiet = (text: string): void => {
    try {
      const answer = work(text)
      if (answer instanceof Promise) answer.catch(() => undefined)
    } catch {
      // To be refused is an answer too; here only the time counts.
    }
  }
  for (const attack of attacks) {
    // On a busy computer a look may see what is not there; what is there is seen each time.
    let found = growsTooFast(quiet, attack)
    for (let looks = 1; found !== null && looks < LOOKS; looks++) found = growsTooFast(quiet, attack)
    expect(found, name).toBeNull()
  }
}

test('there is something to test', () => {
  expect(patterns.length).toBeGreaterThan(100)
  expect(findReaders().length).toBeGreaterThan(30)
})

test('the test finds what is not linear', () => {
  const slow = [/\d+\.?\d*x$/, /(a+)+b/, /charset=\s*"?(.*?)"?\s*;/]
  for (const { source, flags } of slow) {
    const found = { place: source, source, flags }
    const work = (text: string): void => void new RegExp(source, flags).test(text)
    const isFound = (): boolean => attacksOn(found).some((attack) => growsTooFast(work, attack) !== null)
    // On a busy computer one look may miss it.
    expect(isFound() || isFound(), source).toBe(true)
  }
}, 240_000)

test.each(patterns)('time grows with the text and no faster: $place', (found) => {
  const pattern = new RegExp(found.source, found.flags)
  expectBounded(found.place, attacksOn(found), (text) => text.replace(pattern, ''))
})

/** How to call what takes more than text. What is not text of others needs no test, and says why. */
const CALLS: Readonly<Record<string, ((text: string) => unknown) | string>> = {
  asked: 'sends a request',
  bodyText: (text) => bodyText(Buffer.from(text), readContentType(text)),
  choice: 'takes words of ours',
  cloudEventsHandshake: 'looks at two headers by name',
  curlStep: (text) => curlStep(`curl ${text}`),
  decode: (text) => decode(text, 'base64'),
  decoded: (text) => [
    decoded(text, 'html'),
    decoded(text.replaceAll('%', ''), 'url'),
    decoded(Buffer.from(text).toString('base64'), 'base64'),
    decoded(Buffer.from(text).toString('hex'), 'hex'),
  ],
  dedupeKeyOf: 'renders a template, which has tests of its own below',
  encoded: (text) => [encoded(Buffer.from(text), 'html'), encoded(Buffer.from(text), 'url')],
  filledIn: (text) => filledIn(text, new Map([['a', text.slice(0, 10)]])),
  defineFamily: 'takes an id of ours',
  failedAnswer: 'is handed a response that was read',
  findPattern: (text) => [...findPattern('(a|b)*c+', text.slice(0, 20_000), true)],
  howTo: 'takes words of ours',
  isInTime: 'takes an id of ours',
  isOwnHost: 'goes through splitHost, which is called alone',
  isXml: 'takes a type that was cut to its length',
  listenTo: 'takes a folder that a zap names',
  moment: (text) => moment('At', { form: 'iso' }).send?.(text),
  nearestNames: (text) => nearestNames(text, ['orders', text]),
  openJsonSocket: 'opens a connection',
  pageCallOf: 'looks at headers by name',
  posixCommand: (text) => posixCommand(`curl ${text}`, (word) => word === 'curl'),
  powerShellCommand: (text) => powerShellCommand(`curl ${text}`, (word) => word === 'curl'),
  promptCommand: (text) => promptCommand(`curl ${text}`, (word) => word === 'curl'),
  parseTimeBound: (text) => parseTimeBound(text, 'since', 0),
  pathPart: (text) => pathPart('id', text),
  programFailed: (text) =>
    programFailed('It', { exitCode: 1, signal: null, stdout: Buffer.from(text), stderr: Buffer.from(text) }, true),
  probeAlive: 'sends a request',
  readNumberWith: (text) => readNumberWith(text, ','),
  remoteFile: (text) => remoteFile(text, { size: 1, mtime: 1, mode: 0 }),
  renderError: 'takes a template that was read',
  sharedKey: (text) => sharedKey(text, 'base64'),
  sftpError: (text) => sftpError(text, new Error(text)),
  syntaxError: (text) => syntaxError(text, new Error(text)),
  verifyToken: 'reads it by readToken, which is called alone',
  webhookPath: 'takes what a zap says',
  writtenNumber: (text) => writtenNumber(text, ','),
  withoutBodyProof: (text) =>
    withoutBodyProof(Buffer.from(JSON.stringify({ a: text })), { scheme: 'in-body', at: 'a' }),
  withQuery: (text) => withQuery(`http://a/?${encodeURI(text)}`, { a: text }),
}

test.each(findReaders())('$name of $file reads hostile text in a time that grows with it', async (reader) => {
  const call = await callOf(reader)
  if (call !== null) expectBounded(reader.name, ATTACKS, call)
})

async function callOf({ file, name, parameters }: FoundReader): Promise<((text: string) => unknown) | null> {
  const known = CALLS[name]
  if (typeof known === 'string') return null
  if (known !== undefined) return known
  if (parameters.includes(null)) {
    throw new Error(
      `${name} of ${file} takes text and something else: say in CALLS how it is called, or why it needs no test.`,
    )
  }
  const module: Record<string, unknown> = await import(pathToFileURL(join(import.meta.dirname, file)).href)
  const found = module[name]
  if (typeof found !== 'function') throw new Error(`${file} exports no function ${name}.`)
  const argumentOf = (kind: string | null, text: string): unknown =>
    kind === 'bytes' ? Buffer.from(text) : kind === 'number' ? 0 : text
  return (text) =>
    Reflect.apply(
      found,
      undefined,
      parameters.map((kind) => argumentOf(kind, text)),
    )
}

test.each(['gt', 'lt', 'eq', 'in', 'contains', 'matches', 'not-matches', 'before', 'is-true', 'longer-than'] as const)(
  'a condition "%s" on hostile text',
  (op) => {
    expectBounded(op, ATTACKS, (left) => evaluateRow({ left, op, right: op.endsWith('matches') ? '(a|b)*c$' : '5' }))
    expectBounded(op, ATTACKS, (right) => evaluateRow({ left: 'a 5', op, right }))
  },
)

test('templates of every form are read in a time that grows with them', () => {
  const forms: readonly Attack[] = [
    ['{% if a', ' and a', ' %}x{% endif %}'],
    ['{{ a', ' == a', ' }}'],
    ['{{ a', ' | upcase', ' }}'],
    ['{{ a | append: b', ', b', ' }}'],
    ['', '{{ a }}', ''],
    ['', 'x {{ a | upcase }} y', ''],
    ['', '{% assign v = a %}', ''],
    ['', '{% if a %}', ''],
    ['{% if a %}', '{% elsif b %}x', '{% endif %}'],
    ['{% case a %}', '{% when b %}x', '{% endcase %}'],
    ['{% liquid ', 'echo a\n', ' %}'],
    ['{% comment %}', '{% if %}', '{% endcomment %}'],
    ['{{ a', '[0]', ' }}'],
    ['{{ ', 'a[', '0'],
    ['', '\n{{ a }}', ''],
  ].map(([prefix = '', pump = '', suffix = '']) => ({ prefix, pump, suffix }))
  for (const form of forms) expectBounded(form.pump, [form], parseLiquid)
})

test.each(templateFilters())('the filter "%s" on hostile text', (name) => {
  const attacks = ATTACKS.filter(({ suffix }, at) => suffix === 'x' && at % 3 === 1)
  for (const argument of ['', ': "a"', ': b', ': " ", ""']) {
    let render: (scope: { a: string; b: string }) => unknown
    try {
      render = parseLiquid(`{{ a | ${name}${argument} }}`).render
    } catch {
      continue
    }
    expectBounded(name + argument, attacks, (text) => render({ a: text, b: argument === ': b' ? text : 'b' }))
  }
})
