import { expect, test } from 'vitest'
import { runSteps, type StepRow } from '../../test-steps.ts'

const ada = { id: 1, amount: 20, country: 'DE', customer: { name: 'Ada' } }
const bob = { id: 2, amount: '3.5', country: 'FR', customer: { name: 'Bob' } }
const cyd = { id: 3, amount: 20, country: 'DE', customer: { name: 'Cyd' } }
const dee = { id: 4, country: 'DE', customer: { name: 'Dee' } }
const orders = [ada, bob, cyd, dee]
const event = { orders }
const items = '{{ go.orders }}'

const ROWS: Readonly<Record<string, StepRow>> = {
  'filter by all': {
    uses: 'list.filter',
    event: { orders, least: 4 },
    input: {
      items,
      all: [
        { left: '{{ item.amount }}', op: 'exists' },
        { left: '{{ item.amount }}', op: 'gt', right: '{{ go.least }}' },
      ],
    },
    gives: { items: [ada, cyd], rest: [bob, dee], count: 2 },
  },
  'filter by any, and by place': {
    uses: 'list.filter',
    event,
    input: {
      items,
      any: [
        { left: '{{ item.customer.name }}', op: 'starts-with', right: 'B' },
        { left: '{{ index }}', op: 'eq', right: 3 },
      ],
    },
    gives: { items: [bob, dee], rest: [ada, cyd], count: 2 },
  },
  'filter what lacks the field': {
    uses: 'list.filter',
    event,
    input: { items, all: [{ left: '{{ item.amount }}', op: 'gt', right: 4 }] },
    fails: { code: 'template', says: /^Item 4: "item\.amount" is missing/ },
  },
  'filter text': {
    uses: 'list.filter',
    event: { orders: '[1,2]' },
    input: { items, all: [{ left: '{{ item }}', op: 'gt', right: 4 }] },
    fails: { code: 'bad-input', says: /^"items" of the step "step" is text that only reads like a list/ },
  },
  'map to new rows': {
    uses: 'list.map',
    event: { orders, shop: 'north' },
    input: {
      items,
      fields: {
        name: '{{ item.customer.name | upcase }}',
        row: '{{ index }}',
        shop: '{{ go.shop }}',
        whole: '{{ item.customer }}',
      },
    },
    gives: {
      items: [
        { name: 'ADA', row: 0, shop: 'north', whole: { name: 'Ada' } },
        { name: 'BOB', row: 1, shop: 'north', whole: { name: 'Bob' } },
        { name: 'CYD', row: 2, shop: 'north', whole: { name: 'Cyd' } },
        { name: 'DEE', row: 3, shop: 'north', whole: { name: 'Dee' } },
      ],
      count: 4,
    },
  },
  'map and keep': {
    uses: 'list.map',
    event: { list: [{ a: 1, b: 2 }] },
    input: { items: '{{ go.list }}', fields: { b: '{{ item.a | plus: 1 }}', c: 'x' }, keep: true },
    gives: { items: [{ a: 1, b: 2, c: 'x' }], count: 1 },
  },
  'map and keep what has no fields': {
    uses: 'list.map',
    event: { list: [{ a: 1 }, 7] },
    input: { items: '{{ go.list }}', fields: { b: 1 }, keep: true },
    fails: { code: 'bad-input', says: /Item 2 of the list is a number, and only objects have fields/ },
  },
  'map names that are hostile': {
    uses: 'list.map',
    event: { list: [1] },
    input: { items: '{{ go.list }}', fields: { constructor: '{{ item }}', toString: 'x' } },
    gives: { items: [{ constructor: 1, toString: 'x' }], count: 1 },
  },
  'sort by number, then name': {
    uses: 'list.sort',
    event,
    input: {
      items,
      by: [
        { path: 'amount', order: 'desc' },
        { path: 'customer.name', order: 'desc' },
      ],
    },
    gives: { items: [cyd, ada, bob, dee] },
  },
  'sort scalars of several kinds': {
    uses: 'list.sort',
    event: { list: ['b', 10, null, '9', 'a', true, ''] },
    input: { items: '{{ go.list }}' },
    gives: { items: ['9', 10, 'a', 'b', true, null, ''] },
  },
  'sort times of several zones': {
    uses: 'list.sort',
    event: { list: [{ at: '2026-11-26T09:00:00+01:00' }, { at: '2026-11-26T08:30:00Z' }, { at: '2026-11-25' }] },
    input: { items: '{{ go.list }}', by: [{ path: 'at', order: 'desc' }] },
    gives: { items: [{ at: '2026-11-26T08:30:00Z' }, { at: '2026-11-26T09:00:00+01:00' }, { at: '2026-11-25' }] },
  },
  'sort what is no number': {
    uses: 'list.sort',
    event: { list: [{ n: 1 }, { n: '1,500.00' }] },
    input: { items: '{{ go.list }}', by: [{ path: 'n', as: 'number' }] },
    fails: { code: 'bad-input', says: /^Item 2: “1,500\.00” is not a plain number/ },
  },
  'limit to the first': {
    uses: 'list.limit',
    event,
    input: { items, first: '{{ go.orders.size | minus: 3 }}', skip: 1 },
    gives: { items: [bob], count: 1, left: 3 },
  },
  'limit to the last': {
    uses: 'list.limit',
    event,
    input: { items, last: 2, skip: 1 },
    gives: { items: [bob, cyd], count: 2, left: 2 },
  },
  'limit to more than there are': {
    uses: 'list.limit',
    event,
    input: { items, last: 20 },
    gives: { items: orders, count: 4, left: 0 },
  },
  'unique by a path': {
    uses: 'list.unique',
    event,
    input: { items, by: ['country'] },
    gives: { items: [ada, bob], duplicates: [cyd, dee], count: 2 },
  },
  'unique as a whole': {
    uses: 'list.unique',
    event: { list: [{ a: 1, b: 2 }, { b: 2, a: 1 }, 1, '1', null, null] },
    input: { items: '{{ go.list }}' },
    gives: { items: [{ a: 1, b: 2 }, 1, '1', null], duplicates: [{ b: 2, a: 1 }, null], count: 4 },
  },
  'group by a path': {
    uses: 'list.group',
    event: { list: [{ c: 'DE', n: 1 }, { n: 2 }, { c: 'DE', n: 3 }, { c: null, n: 4 }] },
    input: { items: '{{ go.list }}', by: 'c' },
    gives: {
      groups: [
        {
          key: 'DE',
          items: [
            { c: 'DE', n: 1 },
            { c: 'DE', n: 3 },
          ],
          count: 2,
        },
        { key: null, items: [{ n: 2 }, { c: null, n: 4 }], count: 2 },
      ],
    },
  },
  'summarize all': {
    uses: 'list.summarize',
    event,
    input: {
      items,
      fields: [
        { path: 'amount', as: 'sum' },
        { path: 'amount', as: 'avg', name: 'mean' },
        { path: 'amount', as: 'min' },
        { path: 'amount', as: 'max' },
        { as: 'count' },
        { path: 'amount', as: 'count' },
        { path: 'country', as: 'count-unique' },
        { path: 'customer.name', as: 'join', name: 'names', separator: ' & ' },
        { path: 'id', as: 'list', name: 'ids' },
        { path: 'amount', as: 'first' },
        { path: 'amount', as: 'last' },
      ],
    },
    gives: {
      rows: [
        {
          sum_amount: 43.5,
          mean: 14.5,
          min_amount: '3.5',
          max_amount: 20,
          count: 4,
          count_amount: 3,
          count_unique_country: 2,
          names: 'Ada & Bob & Cyd & Dee',
          ids: [1, 2, 3, 4],
          first_amount: 20,
          last_amount: 20,
        },
      ],
    },
  },
  'summarize for each, exactly': {
    uses: 'list.summarize',
    event: {
      list: [
        { c: 'A', n: 0.1 },
        { c: 'B', n: '9007199254740993' },
        { c: 'A', n: 0.2 },
        { c: 'B', n: '1' },
      ],
    },
    input: { items: '{{ go.list }}', by: ['c'], fields: [{ path: 'n', as: 'sum', name: 'total' }] },
    gives: {
      rows: [
        { c: 'A', total: 0.3 },
        { c: 'B', total: 9007199254740994 },
      ],
    },
  },
  'summarize to an exact average': {
    uses: 'list.summarize',
    event: {
      list: [
        { a: 1.1, b: 1, c: 0.1, d: '9007199254740993', e: -1 },
        { a: 1.1, b: 2, c: 0.2, d: '9007199254740993', e: 0 },
        { a: 1.1, b: 2, c: 0.3, d: '9007199254740993', e: -1 },
      ],
    },
    input: {
      items: '{{ go.list }}',
      fields: ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, as: 'avg', name: path })),
    },
    gives: { rows: [{ a: 1.1, b: 1.66666666666667, c: 0.2, d: '9007199254740993', e: -0.666666666666667 }] },
  },
  'summarize to a sum that no double holds': {
    uses: 'list.summarize',
    event: { list: [{ n: 9007199254740992 }, { n: 1 }] },
    input: { items: '{{ go.list }}', fields: [{ path: 'n', as: 'sum', name: 'n' }] },
    gives: { rows: [{ n: '9007199254740993' }] },
  },
  'summarize beyond all numbers': {
    uses: 'list.summarize',
    event: { list: [{ n: 1.7e308 }, { n: 1.7e308 }] },
    input: { items: '{{ go.list }}', fields: [{ path: 'n', as: 'sum', name: 'n' }] },
    fails: { code: 'bad-input', says: /^The sum is larger than the largest number\.$/ },
  },
  'summarize nothing': {
    uses: 'list.summarize',
    event: { list: [] },
    input: { items: '{{ go.list }}', fields: [{ as: 'count' }, { path: 'n', as: 'sum' }, { path: 'n', as: 'avg' }] },
    gives: { rows: [{ count: 0, sum_n: 0, avg_n: null }] },
  },
  'summarize what is no number': {
    uses: 'list.summarize',
    event: { list: [{ n: 1 }, { n: 'many' }] },
    input: { items: '{{ go.list }}', fields: [{ path: 'n', as: 'sum' }] },
    fails: { code: 'bad-input', says: /^Item 2: “many” is not a number/ },
  },
  append: {
    uses: 'list.merge',
    event: { a: [1, 2], b: [{ c: 3 }] },
    input: { lists: ['{{ go.a }}', '{{ go.b }}', '{{ go.a }}'] },
    gives: { items: [1, 2, { c: 3 }, 1, 2], count: 5 },
  },
  'merge side by side': {
    uses: 'list.merge',
    event: {
      a: [
        { x: 1, z: 1 },
        { x: 2, z: 2 },
      ],
      b: [{ y: 1, z: 9 }],
    },
    input: { lists: ['{{ go.a }}', '{{ go.b }}'], mode: 'by-position', keep: 'all', clash: 'both' },
    gives: {
      items: [
        { x: 1, z: 1, y: 1, z_2: 9 },
        { x: 2, z: 2 },
      ],
      count: 2,
    },
  },
  ...Object.fromEntries(
    (
      [
        [
          'matches',
          [
            { id: 1, a: 1, b: 1 },
            { id: 1, a: 1, b: 2 },
          ],
        ],
        ['left', [{ id: 1, a: 1, b: 1 }, { id: 1, a: 1, b: 2 }, { id: 2, a: 2 }, { a: 3 }]],
        ['all', [{ id: 1, a: 1, b: 1 }, { id: 1, a: 1, b: 2 }, { id: 2, a: 2 }, { a: 3 }, { id: '9', b: 9 }, { b: 8 }]],
        ['unmatched', [{ id: 2, a: 2 }, { a: 3 }, { id: '9', b: 9 }, { b: 8 }]],
      ] as const
    ).map(([keep, merged]): [string, StepRow] => [
      `merge by key, keep ${keep}`,
      {
        uses: 'list.merge',
        event: {
          a: [{ id: 1, a: 1 }, { id: 2, a: 2 }, { a: 3 }],
          b: [{ id: '1', b: 1 }, { id: 1, b: 2 }, { id: '9', b: 9 }, { b: 8 }],
        },
        input: { lists: ['{{ go.a }}', '{{ go.b }}'], mode: 'by-key', key: ['id'], keep, clash: 'first' },
        gives: { items: merged, count: merged.length },
      },
    ]),
  ),
  'merge each with each': {
    uses: 'list.merge',
    event: { a: [{ size: 'S' }, { size: 'L' }], b: [{ colour: 'red' }, { colour: 'blue' }] },
    input: { lists: ['{{ go.a }}', '{{ go.b }}'], mode: 'combinations' },
    gives: {
      items: [
        { size: 'S', colour: 'red' },
        { size: 'S', colour: 'blue' },
        { size: 'L', colour: 'red' },
        { size: 'L', colour: 'blue' },
      ],
      count: 4,
    },
  },
  'merge scalars side by side': {
    uses: 'list.merge',
    event: { a: [{ x: 1 }], b: [5] },
    input: { lists: ['{{ go.a }}', '{{ go.b }}'], mode: 'by-position' },
    fails: { code: 'bad-input', says: /Item 1 of list 2 is a number/ },
  },
  'merge what is no list': {
    uses: 'list.merge',
    event: { a: [{ x: 1 }], b: { x: 1 } },
    input: { lists: ['{{ go.a }}', '{{ go.b }}'] },
    fails: { code: 'bad-input', says: /^"lists\.1" of the step "step" must be a list, but is an object/ },
  },
  'compare by keys of two kinds, and without any': {
    uses: 'list.compare',
    event: {
      before: [{ id: 1, at: { n: '7' } }, { n: 1 }, { id: null, n: 2 }, { id: 2, at: { n: 8 }, n: 1 }],
      after: [{ id: '1', at: { n: 7 } }, { n: 1 }, { id: null, n: 2 }, { id: '2', at: { n: '8' }, n: 2 }],
    },
    input: { before: '{{ go.before }}', after: '{{ go.after }}', key: ['id', 'at.n'] },
    gives: {
      added: [{ n: 1 }, { id: null, n: 2 }],
      removed: [{ n: 1 }, { id: null, n: 2 }],
      changed: [
        {
          key: ['2', '8'],
          before: { id: 2, at: { n: 8 }, n: 1 },
          after: { id: '2', at: { n: '8' }, n: 2 },
          fields: ['n'],
        },
      ],
      same: [{ id: '1', at: { n: 7 } }],
    },
  },
  compare: {
    uses: 'list.compare',
    event: {
      before: [
        { id: 1, n: 1, at: 'x' },
        { id: 2, n: 2 },
        { id: 3, n: 3 },
      ],
      after: [{ id: '1', n: 1, at: 'y' }, { id: 2, n: 5, more: null }, { id: 4 }],
    },
    input: { before: '{{ go.before }}', after: '{{ go.after }}', key: ['id'], ignore: ['at', 'id'] },
    gives: {
      added: [{ id: 4 }],
      removed: [{ id: 3, n: 3 }],
      changed: [{ key: 2, before: { id: 2, n: 2 }, after: { id: 2, n: 5, more: null }, fields: ['n', 'more'] }],
      same: [{ id: '1', n: 1, at: 'y' }],
    },
  },
  chunk: {
    uses: 'list.chunk',
    event: { list: [1, 2, 3, 4, 5] },
    input: { items: '{{ go.list }}', size: 2 },
    gives: { chunks: [[1, 2], [3, 4], [5]], count: 3 },
  },
  'chunk by nothing': {
    uses: 'list.chunk',
    event: { list: [1, 2, 3, 4, 5], size: 0 },
    input: { items: '{{ go.list }}', size: '{{ go.size }}' },
    fails: { code: 'bad-input', says: /^"size" of the step "step" must be at least 1/ },
  },
}

test('every step of lists does in a run what its file says', async () => {
  const { found, wanted } = await runSteps(ROWS)
  expect(found).toEqual(wanted)
})
