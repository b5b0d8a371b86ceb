import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { runSteps, type StepRow } from '../../test-steps.ts'

const gives = (uses: string, input: JsonObject, output: Json, event?: Json): StepRow => ({
  uses,
  input,
  gives: output,
  ...(event !== undefined && { event }),
})
const fails = (uses: string, input: JsonObject, says: RegExp, event?: Json): StepRow => ({
  uses,
  input,
  fails: { code: 'bad-input', says },
  ...(event !== undefined && { event }),
})

/** What a moment is in every form. */
const moment = (iso: string, unixMs: number, weekday: string, zone = 'Europe/Berlin') => ({
  iso,
  unixMs,
  date: iso.slice(0, 10),
  time: iso.slice(11, 19),
  weekday,
  zone,
})
const berlin = { timezone: 'Europe/Berlin' }

const FAMILIES: Readonly<Record<string, Readonly<Record<string, StepRow>>>> = {
  data: {
    'set keeps what is beside': gives(
      'data.set',
      { fields: { b: '{{ go.n }}', c: 3 }, keep: '{{ go.old }}' },
      { a: 1, b: 7, c: 3 },
      { n: 7, old: { a: 1, b: 2 } },
    ),
    'set keeps nothing of nothing': gives(
      'data.set',
      { fields: { a: 1 }, keep: '{{ go.old }}' },
      { a: 1 },
      { old: null },
    ),
    'set cannot keep a list': fails(
      'data.set',
      { fields: { a: 1 }, keep: '{{ go.old }}' },
      /only be those of an object, but it is a list/,
      {
        old: [1],
      },
    ),
    'pick keeps paths': gives(
      'data.pick',
      { from: '{{ go }}', keep: ['id', 'customer.name', 'none', 'a.b'] },
      { id: 1, customer: { name: 'Ada' }, 'a.b': 2 },
      { id: 1, customer: { name: 'Ada', password: 'x' }, 'a.b': 2, other: 3 },
    ),
    'pick drops paths': gives(
      'data.pick',
      { from: '{{ go }}', drop: ['customer.password', 'lines[0]', 'none.at.all'] },
      { customer: { name: 'Ada' }, lines: [2] },
      { customer: { name: 'Ada', password: 'x' }, lines: [1, 2] },
    ),
    'pick renames in place': gives(
      'data.pick',
      { from: '{{ go }}', rename: { a: 'first', 'c.d': 'e' } },
      { first: 1, b: 2, c: { e: 3 } },
      { a: 1, b: 2, c: { d: 3 } },
    ),
    'pick lets two fields change their names': gives(
      'data.pick',
      { from: '{{ go }}', rename: { a: 'b', b: 'a', 'c.x': 'y', 'c.y': 'x' } },
      { b: 1, a: 2, c: { y: 3, x: 4 } },
      { a: 1, b: 2, c: { x: 3, y: 4 } },
    ),
    'pick moves names on in a row': gives(
      'data.pick',
      { from: '{{ go }}', rename: { a: 'b', b: 'c', c: 'd' } },
      { b: 1, c: 2, d: 3 },
      { a: 1, b: 2, c: 3 },
    ),
    'pick renames over what is dropped': gives(
      'data.pick',
      { from: '{{ go }}', drop: ['b'], rename: { a: 'b', none: 'c', c: 'c' } },
      { b: 1, c: 3 },
      { a: 1, b: 2, c: 3 },
    ),
    'pick renames over what is kept': fails(
      'data.pick',
      { from: '{{ go }}', rename: { a: 'b' } },
      /“a” cannot be called “b”, as there is a field “b” already/,
      { a: 1, b: 2 },
    ),
    'pick gives two fields one name': fails(
      'data.pick',
      { from: '{{ go }}', rename: { a: 'c', b: 'c' } },
      /“a” and “b” would both be called “c”/,
      { a: 1, b: 2 },
    ),
    'pick renames an item of a list': fails(
      'data.pick',
      { from: '{{ go }}', rename: { 'l[0]': 'first' } },
      /“l\[0\]” is an item of a list/,
      { l: [1, 2] },
    ),
    'pick drops several items of a list': gives(
      'data.pick',
      { from: '{{ go }}', drop: ['l[0]', 'l[1]'] },
      { l: [3] },
      { l: [1, 2, 3] },
    ),
    'pick of hostile names': gives(
      'data.pick',
      { from: '{{ go }}', keep: ['constructor', '__proto__', 'toString'] },
      {},
      { a: 1 },
    ),
    'pick from a list': fails('data.pick', { from: '{{ go.list }}', keep: ['a'] }, /must be an object, but is a list/, {
      list: [],
    }),
    'encode as Base64': gives(
      'data.encode',
      { value: '{{ go.t }}', as: 'base64' },
      { text: 'aMOkbGxvPz4=' },
      { t: 'hällo?>' },
    ),
    'encode for addresses': gives('data.encode', { value: 'hällo?>~', as: 'base64url' }, { text: 'aMOkbGxvPz5-' }),
    'encode as hex': gives('data.encode', { value: 'hé', as: 'hex' }, { text: '68c3a9' }),
    'encode a part of an address': gives(
      'data.encode',
      { value: 'a b&c/ü', as: 'url' },
      { text: 'a%20b%26c%2F%C3%BC' },
    ),
    'encode as HTML': gives(
      'data.encode',
      { value: `<a b="c">&'`, as: 'html' },
      { text: '&lt;a b=&quot;c&quot;&gt;&amp;&#39;' },
    ),
    'encode an object': gives('data.encode', { value: '{{ go }}', as: 'hex' }, { text: '7b2261223a317d' }, { a: 1 }),
    'decode Base64': gives('data.decode', { value: 'aMOkbGxvPz4', as: 'base64' }, { text: 'hällo?>' }),
    'decode Base64 of addresses': gives(
      'data.decode',
      { value: ' aMOkbGxv\nPz5- ', as: 'base64url' },
      { text: 'hällo?>~' },
    ),
    'decode what is no Base64': fails('data.decode', { value: 'aGk*', as: 'base64' }, /holds “\*” at character 4/),
    'decode cut Base64': fails('data.decode', { value: 'aGVsb', as: 'base64' }, /something of its end is missing/),
    'decode hex': gives('data.decode', { value: '0x68C3A9', as: 'hex' }, { text: 'hé' }),
    'decode what is no hex': fails('data.decode', { value: 'abzz', as: 'hex' }, /not hex: it holds “z”/),
    'decode half a byte': fails('data.decode', { value: 'abc', as: 'hex' }, /odd number of hex digits/),
    'decode a part of an address': gives('data.decode', { value: 'a%20b+c%C3%BC', as: 'url' }, { text: 'a b cü' }),
    'decode a broken address': fails('data.decode', { value: '100%', as: 'url' }, /“%” in it is not followed/),
    'decode HTML': gives(
      'data.decode',
      { value: '&lt;b&gt; &#228;&#x1F44D; &amp;amp; &nope; &#0;', as: 'html' },
      { text: '<b> ä👍 &amp; &nope; \ufffd' },
    ),
  },
  json: {
    'parse an object': gives(
      'json.parse',
      { text: '{{ go.t }}' },
      { value: { a: [1, null] }, ok: true },
      { t: ' {"a":[1,null]}' },
    ),
    'parse keeps every digit': gives(
      'json.parse',
      { text: '{{ go.t }}' },
      { value: ['9007199254740993', '1e400', 1.5], ok: true },
      {
        t: '[9007199254740993,1e400,1.50]',
      },
    ),
    'parse a hostile name': gives(
      'json.parse',
      { text: '{{ go.t }}' },
      JSON.parse('{"value":{"__proto__":{"a":1}},"ok":true}'),
      {
        t: '{"__proto__":{"a":1}}',
      },
    ),
    'parse what was parsed': gives(
      'json.parse',
      { text: '{{ go.t }}' },
      { value: { a: 1 }, ok: true },
      { t: { a: 1 } },
    ),
    'parse nothing': fails('json.parse', { text: '{{ go.t }}' }, /^The text is no JSON: there is nothing in it\.$/, {
      t: ' ',
    }),
    'parse a mistake': fails('json.parse', { text: '{{ go.t }}' }, /^The text is no JSON: Unexpected token .x./, {
      t: '{\n"a":x}',
    }),
    'parse what nests too deep': fails('json.parse', { text: '{{ go.t }}' }, /deeper than 200 levels/, {
      t: '['.repeat(300) + ']'.repeat(300),
    }),
    'parse and go on': gives(
      'json.parse',
      { text: '{{ go.t }}', onError: 'keep' },
      { value: 'x{', ok: false },
      { t: 'x{' },
    ),
  },
  text: {
    'match once': gives(
      'text.match',
      { text: '{{ go.t }}', pattern: '(?P<word>[a-z]+)-(\\d+)(x)?' },
      { matched: true, matches: [{ text: 'ab-12', index: 2, groups: ['ab', '12', null], named: { word: 'ab' } }] },
      { t: '👍ab-12 cd-3' },
    ),
    'match all, in any case': gives(
      'text.match',
      { text: 'AB ab', pattern: 'ab', all: true, ignoreCase: true },
      {
        matched: true,
        matches: [
          { text: 'AB', index: 0, groups: [], named: {} },
          { text: 'ab', index: 3, groups: [], named: {} },
        ],
      },
    ),
    'match nothing': gives('text.match', { text: 'x', pattern: 'y' }, { matched: false, matches: [] }),
    'match what takes others for ever': gives(
      'text.match',
      { text: '{{ go.t }}', pattern: '^(a+)+$' },
      { matched: false, matches: [] },
      { t: `${'a'.repeat(50_000)}!` },
    ),
    'match a pattern of an event that looks around': fails(
      'text.match',
      { text: 'x', pattern: '{{ go.p }}' },
      /"pattern" of the step "step" cannot be used\. The pattern .* neither look around nor refer back/,
      {
        p: '(?=a)b',
      },
    ),
    'match with switches that come as text': gives(
      'text.match',
      { text: 'AB ab', pattern: 'ab', all: '{{ go.yes }}', ignoreCase: ' {{ go.yes }}' },
      {
        matched: true,
        matches: [
          { text: 'AB', index: 0, groups: [], named: {} },
          { text: 'ab', index: 3, groups: [], named: {} },
        ],
      },
      { yes: 'true' },
    ),
    'replace with switches that come as text': gives(
      'text.replace',
      { text: 'a.b.c', find: '.', with: '-', regex: '{{ go.no }}', all: '{{ go.no }}' },
      { text: 'a-b.c', count: 1 },
      { no: 'false' },
    ),
    'match with a switch that is neither': fails(
      'text.match',
      { text: 'x', pattern: 'x', all: '{{ go.t }}' },
      /"all" of the step "step"/,
      { t: 'maybe' },
    ),
    'replace everywhere': gives('text.replace', { text: 'a.b.c', find: '.', with: '-' }, { text: 'a-b-c', count: 2 }),
    'replace once': gives('text.replace', { text: 'a.b.c', find: '.', all: false }, { text: 'ab.c', count: 1 }),
    'replace leaves signs alone': gives(
      'text.replace',
      { text: 'price', find: 'price', with: '$1 & $$' },
      { text: '$1 & $$', count: 1 },
    ),
    'replace a pattern': gives(
      'text.replace',
      {
        text: 'Ada Lovelace, Alan Turing',
        find: '(\\w+) (?P<last>\\w+)',
        with: '$<last> $1 $& $$ $9 $<none>',
        regex: true,
      },
      { text: 'Lovelace Ada Ada Lovelace $  $<none>, Turing Alan Alan Turing $  $<none>', count: 2 },
    ),
    'replace an empty match': gives(
      'text.replace',
      { text: 'ab', find: 'x*', with: '-', regex: true },
      { text: '-a-b-', count: 3 },
    ),
    'extract emails': gives(
      'text.extract',
      { text: '{{ go.t }}', what: 'emails' },
      { found: ['ada@example.com', 'müller@bücher.example'], first: 'ada@example.com' },
      {
        t: 'Write to ada@example.com, or <müller@bücher.example>. Not to @home or a@b.',
      },
    ),
    'extract links': gives(
      'text.extract',
      { text: '{{ go.t }}', what: 'urls' },
      {
        found: ['https://example.com/a?b=c#d', 'http://x.org/(y)', 'www.example.org/z'],
        first: 'https://example.com/a?b=c#d',
      },
      { t: 'See https://example.com/a?b=c#d. (http://x.org/(y)) or "www.example.org/z"!' },
    ),
    'extract numbers': gives(
      'text.extract',
      { text: '{{ go.t }}', what: 'numbers' },
      { found: [1500.75, 3, -42.5, 1500.75, 1000], first: 1500.75 },
      {
        t: 'Total 1,500.75 for 3 items, -42.5 off, EUR 1.500,75 of 1e3; not x7y or v2',
      },
    ),
    ...Object.fromEntries(
      (
        [
          ['v1.2.3 and v2', []],
          ['at 10.0.0.1, 192.168.100.200 or 8.8.8.8', []],
          ['pages 3-4, 2026-11-26', [3, 4, 2026, 11, 26]],
          ['on 26.11.2026', []],
          ['utf-8 A−4', [8, 4]],
          ['1.2.3-beta.4 foo_1', []],
          ['-3, (-4) x=-5 .5 -.5', [-3, -4, -5, 0.5, -0.5]],
          ['wait...5 a.5', [5]],
          ['sizes 1,2,3 and 10, 20', [1, 2, 3, 10, 20]],
          ['1,500,75', []],

          ['1 500 000 at 10_000', [1_500_000, 10_000]],
          ['abc123 456', [456]],
          ['1,00,000.5 and 1.500.000', [100_000.5, 1_500_000]],
        ] as const
      ).map(([text, found]) => [
        `extract numbers of ${text}`,
        gives('text.extract', { text, what: 'numbers' }, { found: [...found], first: found[0] ?? null }),
      ]),
    ),
    'extract dates': gives(
      'text.extract',
      { text: '{{ go.t }}', what: 'dates' },
      {
        found: ['2026-11-26', '26.11.2026', 'November 3, 2026', '26 Nov 2026', '2026-11-26T09:30:00Z'],
        first: '2026-11-26',
      },
      { t: 'on 2026-11-26, 26.11.2026 and November 3, 2026 or 26 Nov 2026; at 2026-11-26T09:30:00Z sharp' },
    ),
    'extract phone numbers': gives(
      'text.extract',
      { text: '{{ go.t }}', what: 'phones' },
      { found: ['+49 30 1234567', '(030) 123-4567', '0041443211234'], first: '+49 30 1234567' },
      {
        t: 'Call +49 30 1234567, (030) 123-4567 or 0041443211234; not 2026-11-26, 26.11.2026 or 12345',
      },
    ),
    'extract nothing': gives('text.extract', { text: 'none here', what: 'emails' }, { found: [], first: null }),
    'split lines': gives('text.split', { text: '{{ go.t }}' }, { parts: ['a', 'b', 'c'] }, { t: 'a\r\nb\nc' }),
    'join with a last': gives(
      'text.join',
      { items: '{{ go.l }}', by: ', ', last: ' and ' },
      { text: 'Ada, 7 and {"a":1}' },
      { l: ['Ada', 7, { a: 1 }] },
    ),
    'join one, and none': gives('text.join', { items: '{{ go.l }}', last: ' and ' }, { text: 'Ada' }, { l: ['Ada'] }),
    'join what is no list': fails('text.join', { items: '{{ go.l }}' }, /must be a list, but is text/, { l: 'a,b' }),
  },
  date: {
    'parse a time with its zone': gives(
      'date.parse',
      { value: '2026-11-26T08:30:00Z', ...berlin },
      moment('2026-11-26T09:30:00.000+01:00', 1_795_681_800_000, 'Thursday'),
    ),
    'parse without a zone': gives(
      'date.parse',
      { value: '2026-07-01 12:00', ...berlin },
      moment('2026-07-01T12:00:00.000+02:00', 1_782_900_000_000, 'Wednesday'),
    ),
    'parse seconds': gives(
      'date.parse',
      { value: 1_795_681_800, ...berlin },
      moment('2026-11-26T09:30:00.000+01:00', 1_795_681_800_000, 'Thursday'),
    ),
    'parse a date with points': gives(
      'date.parse',
      { value: '26.11.2026', ...berlin },
      moment('2026-11-26T00:00:00.000+01:00', 1_795_647_600_000, 'Thursday'),
    ),
    ...Object.fromEntries(
      (
        [
          ['2026', '2026-01-01T00:00:00.000Z'],
          ['20261130', '2026-11-30T00:00:00.000Z'],
          ['20261130 0930', undefined],
          ['20261130T093000Z', '2026-11-30T09:30:00.000Z'],
          ['20261130 09:30', '2026-11-30T09:30:00.000Z'],
          ['2026-11', '2026-11-01T00:00:00.000Z'],
          ['2026-W49-1', '2026-11-30T00:00:00.000Z'],
          ['2026W491', '2026-11-30T00:00:00.000Z'],
          ['2026-W49', '2026-11-30T00:00:00.000Z'],
          ['2026-w49-7T09:30+01:00', '2026-12-06T08:30:00.000Z'],
          ['2026-W53-5', '2027-01-01T00:00:00.000Z'],
          ['2027-W53-1', undefined],
          ['2026-W00-1', undefined],
          ['2026-W49-8', undefined],
          ['2020-W01-1', '2019-12-30T00:00:00.000Z'],
          ['2026-334', '2026-11-30T00:00:00.000Z'],
          ['2026-366', undefined],
          ['2026-000', undefined],
          ['20261399', undefined],
          ['2026-13', undefined],
          ['1795681800', '2026-11-26T08:30:00.000Z'],
          ['1795681800000', '2026-11-26T08:30:00.000Z'],
          ['1795681800.5', '2026-11-26T08:30:00.500Z'],
          ['0', undefined],
          ['12', undefined],
          ['202611', undefined],
          ['202611300930', undefined],
        ] as const
      ).map(([value, iso]): [string, StepRow] => [
        `parse ${value}`,
        iso === undefined
          ? fails('date.parse', { value: '{{ go.t }}' }, /is not a date that is understood/, { t: value })
          : gives(
              'date.parse',
              { value: '{{ go.t }}', timezone: 'UTC' },
              moment(
                iso,
                Date.parse(iso),
                new Date(iso).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }),
                'UTC',
              ),
              { t: value },
            ),
      ]),
    ),
    'parse by a format': gives(
      'date.parse',
      { value: '11/26/26', format: 'MM/dd/yy', ...berlin },
      moment('2026-11-26T00:00:00.000+01:00', 1_795_647_600_000, 'Thursday'),
    ),
    'parse what must be guessed': fails(
      'date.parse',
      { value: '03/04/2026' },
      /could be read in two ways: read it with “Read a date” and its format/,
    ),
    'parse what is no date': fails(
      'date.parse',
      { value: '30 February 2026' },
      /“30 February 2026” is not a date that is understood/,
    ),
    'parse what is not of the format': fails(
      'date.parse',
      { value: '2026-11-26', format: 'MM/dd/yyyy' },
      /is not written as “MM\/dd\/yyyy”/,
    ),
    'parse nothing': fails('date.parse', { value: '{{ go.t }}' }, /^Nothing is not a date/, { t: null }),
    'parse in no zone': fails(
      'date.parse',
      { value: '2026-11-26', timezone: '{{ go.z }}' },
      /“Mars\/Base” is not a known time zone/,
      { z: 'Mars/Base' },
    ),
    'parse a long text': fails('date.parse', { value: '{{ go.t }}' }, /more than 200 characters/, {
      t: '1'.repeat(1_000_000),
    }),
    format: gives(
      'date.format',
      { date: '2026-11-26T08:30:00Z', format: "cccc, d LLLL yyyy 'at' HH:mm ZZ", ...berlin },
      { text: 'Thursday, 26 November 2026 at 09:30 +01:00' },
    ),
    'format in a language': gives(
      'date.format',
      { date: '2026-03-01', format: 'cccc, d. LLLL', locale: 'de', ...berlin },
      { text: 'Sonntag, 1. März' },
    ),
    'format in no language': fails(
      'date.format',
      { date: '2026-03-01', format: 'd', locale: '{{ go.l }}' },
      /"locale" of the step "step" must be a language/,
      { l: 'klingonese!' },
    ),
    'shift back': gives(
      'date.shift',
      { date: '2026-03-01T12:00:00Z', by: '-3d', ...berlin },
      moment('2026-02-26T13:00:00.000+01:00', 1_772_107_200_000, 'Thursday'),
    ),
    'shift over a change of clocks': gives(
      'date.shift',
      { date: '2026-03-28T12:00', by: '1d', ...berlin },
      moment('2026-03-29T12:00:00.000+02:00', 1_774_778_400_000, 'Sunday'),
    ),
    'shift by months': gives(
      'date.shift',
      { date: '2026-01-31', by: { months: 1 }, ...berlin },
      moment('2026-02-28T00:00:00.000+01:00', 1_772_233_200_000, 'Saturday'),
    ),
    'shift to the end of a month': gives(
      'date.shift',
      { date: '2026-02-10', by: '1 month', to: 'end-of-month', ...berlin },
      moment('2026-03-31T23:59:59.999+02:00', 1_774_994_399_999, 'Tuesday'),
    ),
    'shift to the start of a week': gives(
      'date.shift',
      { date: '2026-11-26T10:00', to: 'start-of-week', ...berlin },
      moment('2026-11-23T00:00:00.000+01:00', 1_795_388_400_000, 'Monday'),
    ),
    'shift by no time': fails(
      'date.shift',
      { date: '2026-11-26', by: '{{ go.by }}' },
      /"by" of the step "step" must be a length of time, such as 3d/,
      { by: 'soon' },
    ),
    ...Object.fromEntries(
      ['1M', '-2h 3 M'].map((by) => [
        `shift by ${by}`,
        fails('date.shift', { date: '2026-11-26', by: '{{ go.by }}' }, /capital M.* write 1mo for a month, or 1m/, {
          by,
        }),
      ]),
    ),
    'shift by nothing at all': fails(
      'date.shift',
      { date: '2026-11-26', by: '{{ go.by }}' },
      /"by" of the step "step" must be a length of time/,
      { by: {} },
    ),
    'shift out of all years': fails(
      'date.shift',
      { date: '2026-11-26', by: { years: 9_000 } },
      /outside the years 1 to 9999/,
    ),
    between: gives(
      'date.between',
      { from: '2026-11-01', to: '2026-11-26T12:00', unit: 'days', ...berlin },
      { value: 25.5, isNegative: false },
    ),
    'between, backwards': gives(
      'date.between',
      { from: '2026-03-31', to: '2026-01-31', unit: 'months', ...berlin },
      { value: -2, isNegative: true },
    ),
    'between the same': gives(
      'date.between',
      { from: '2026-03-31', to: '2026-03-31T00:00:00', unit: 'hours', ...berlin },
      { value: 0, isNegative: false },
    ),
  },
  number: {
    'parse with a comma': gives('number.parse', { text: '1.500,75' }, { value: 1500.75 }),
    'parse with a point': gives('number.parse', { text: '1,500.75' }, { value: 1500.75 }),
    'parse money': gives('number.parse', { text: '{{ go.t }}' }, { value: -1500.5 }, { t: '−€ 1\u202f500,50' }),
    'parse brackets': gives('number.parse', { text: '(1,500)' }, { value: -1500 }),
    'parse as elsewhere': gives('number.parse', { text: '1.500', locale: 'de' }, { value: 1500 }),
    'parse groups of two': gives('number.parse', { text: '1,00,000.5' }, { value: 100_000.5 }),
    'parse digits of other scripts': gives('number.parse', { text: '١٬٥٠٠٫٥' }, { value: 1500.5 }),
    'parse a number': gives('number.parse', { text: '{{ go.n }}' }, { value: 7.5 }, { n: 7.5 }),
    'parse keeps every digit': gives('number.parse', { text: '9,007,199,254,740,993' }, { value: '9007199254740993' }),
    ...Object.fromEntries(
      [
        '26.11.2026',
        '192.168.1.10',
        '192.168.100.200',
        '12.3.4',
        '1.5.00',
        '1,500,75',
        '1,5.00',
        '1,5,000',
        '0,500,000',
        '1500,000,000',
        "1.500'000",
        '030 123',
        '1 2 3',
      ].map((text) => [
        `parse ${text}`,
        fails(
          'number.parse',
          { text },
          new RegExp(`^“${text.replaceAll('.', '.')}” is not a number: groups have three digits`),
        ),
      ]),
    ),
    'parse another language': fails(
      'number.parse',
      { text: '1,5', locale: 'en' },
      /^“1,5” is not a number as it is written in “en”: .* change “Written as in”/,
    ),
    'parse a point in a language of commas': fails(
      'number.parse',
      { text: '1500.75', locale: 'de' },
      /as it is written in “de”/,
    ),
    'parse a fraction of three digits': gives('number.parse', { text: '0,500' }, { value: 0.5 }),
    'parse a fraction behind four digits': gives('number.parse', { text: '1500,500' }, { value: 1500.5 }),
    'parse many groups': gives('number.parse', { text: '12.345.678,9' }, { value: 12_345_678.9 }),
    'parse lakhs': gives('number.parse', { text: '12,34,567' }, { value: 1_234_567 }),
    'parse Swiss money': gives('number.parse', { text: "CHF 1'500.50" }, { value: 1500.5 }),
    'parse a percentage': fails('number.parse', { text: '20 %' }, /take the % out/),
    'parse what is no number': fails('number.parse', { text: 'about 5' }, /“about 5” is not a number/),
    'parse a list': fails('number.parse', { text: '{{ go.l }}' }, /A list is not a number/, { l: [1] }),
    format: gives('number.format', { value: 1234567.891 }, { text: '1,234,567.891' }),
    'format as money': gives(
      'number.format',
      { value: '1500.5', style: 'currency', currency: 'eur', locale: 'de' },
      { text: '1.500,50\u00a0€' },
    ),
    'format a share': gives('number.format', { value: 0.256, style: 'percent', digits: 1 }, { text: '25.6%' }),
    'format every digit': gives(
      'number.format',
      { value: '9007199254740993', digits: 0 },
      { text: '9,007,199,254,740,993' },
    ),
    'format what is written otherwise': fails(
      'number.format',
      { value: '1,500.00' },
      /“1,500\.00” is not a plain number/,
    ),
    'format money of no country': fails(
      'number.format',
      { value: 1, style: 'currency', currency: '{{ go.c }}' },
      /must be a currency of three letters/,
      { c: 'euros' },
    ),
  },
  crypto: {
    // RFC 6234 and FIPS 180 name the digests of "abc"; RFC 4231, case 2, the HMAC.
    hash: gives(
      'crypto.hash',
      { data: 'abc' },
      { text: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ),
    'hash otherwise': gives(
      'crypto.hash',
      { data: 'abc', algorithm: 'md5', encoding: 'base64' },
      { text: 'kAFQmDzST7DWlj99KOF/cg==' },
    ),
    hmac: gives(
      'crypto.hmac',
      { data: 'what do ya want for nothing?', secret: 'Jefe' },
      { text: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' },
    ),
    'hmac with a key in hex': gives(
      'crypto.hmac',
      { data: 'what do ya want for nothing?', secret: '4a656665', secretAs: 'hex' },
      { text: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' },
    ),
    'hmac with half a key': fails(
      'crypto.hmac',
      { data: 'x', secret: '4a6', secretAs: 'hex' },
      /The secret is not written as hex/,
    ),
  },
}

test.each(Object.entries(FAMILIES))('every step of %s does in a run what its file says', async (_family, rows) => {
  const { found, wanted } = await runSteps(rows)
  expect(found).toEqual(wanted)
})
