import { Client } from '@notionhq/client'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { notion } from './notion.app.ts'
import { blocksOf } from './notion-values.ts'

const account = { type: 'notion', secret: JSON.stringify({ token: 'ntn_1' }) }
const ID = '59833787-2cf9-4fdf-8782-e53db20768a5'
const SCHEMA = {
  properties: {
    Name: { type: 'title' },
    Total: { type: 'number' },
    Paid: { type: 'checkbox' },
    Status: { type: 'select' },
    Tags: { type: 'multi_select' },
    Due: { type: 'date' },
    Made: { type: 'created_time' },
  },
}
const answers = ({ method, path }: Sent): Json =>
  method === 'GET' && (path.includes('data_sources') || path.includes('/pages/'))
    ? SCHEMA
    : { object: 'list', results: [], next_cursor: null, id: ID }
const us = (uses: string, input: Record<string, Json>) => sentByUs(notion, uses, input, { answers, account })
const theirs = (call: (client: Client) => Promise<unknown>) =>
  sentByLibrary(
    (baseUrl) => call(new Client({ auth: 'ntn_1', baseUrl, notionVersion: '2025-09-03', retry: false })),
    answers,
  )

describe('notion sends what its own library sends', () => {
  it.each<[string, Record<string, Json>, (client: Client) => Promise<unknown>]>([
    [
      'create-database-page',
      {
        database: ID,
        properties: {
          Name: 'Order 42',
          Total: '12.5',
          Paid: 'yes',
          Status: 'Open',
          Tags: ['a', 'b'],
          Due: '2026-11-30',
        },
      },
      async (client) => {
        await client.dataSources.retrieve({ data_source_id: ID })
        await client.pages.create({
          parent: { data_source_id: ID },
          properties: {
            Name: { title: [{ text: { content: 'Order 42' } }] },
            Total: { number: 12.5 },
            Paid: { checkbox: true },
            Status: { select: { name: 'Open' } },
            Tags: { multi_select: [{ name: 'a' }, { name: 'b' }] },
            Due: { date: { start: '2026-11-30' } },
          },
        })
      },
    ],
    [
      'create-page',
      { page: `https://www.notion.so/Notes-${ID.replaceAll('-', '')}`, title: 'T', content: 'Hello' },
      (client) =>
        client.pages.create({
          parent: { page_id: ID.replaceAll('-', '') },
          properties: { title: { title: [{ text: { content: 'T' } }] } },
          children: [
            { object: 'block', type: 'paragraph', paragraph: { rich_text: [{ text: { content: 'Hello' } }] } },
          ],
        }),
    ],
    [
      'query-data-source',
      { database: ID, filter: { property: 'Paid', checkbox: { equals: true } }, limit: 5 },
      (client) =>
        client.dataSources.query({
          data_source_id: ID,
          filter: { property: 'Paid', checkbox: { equals: true } },
          page_size: 5,
        }),
    ],
    [
      'append-blocks',
      { page: ID, content: '# H\n- one' },
      (client) =>
        client.blocks.children.append({
          block_id: ID,
          children: [
            { object: 'block', type: 'heading_1', heading_1: { rich_text: [{ text: { content: 'H' } }] } },
            {
              object: 'block',
              type: 'bulleted_list_item',
              bulleted_list_item: { rich_text: [{ text: { content: 'one' } }] },
            },
          ],
        }),
    ],
    ['list-blocks', { page: ID, limit: 10 }, (client) => client.blocks.children.list({ block_id: ID, page_size: 10 })],
    ['search', { query: 'Order', limit: 10 }, (client) => client.search({ query: 'Order', page_size: 10 })],
    [
      'create-comment',
      { page: ID, text: 'Done' },
      (client) => client.comments.create({ parent: { page_id: ID }, rich_text: [{ text: { content: 'Done' } }] }),
    ],
  ])('%s', async (uses, input, call) => {
    expect((await us(uses, input)).sent).toEqual(await theirs(call))
  })
})

it.each<[Record<string, Json>, string, RegExp]>([
  [{ Price: 1 }, 'no-property', /no property "Price": there are Name, Total/],
  [{ Total: 'many' }, 'bad-input', /"Total" is a number/],
  [{ Made: '2026-01-01' }, 'bad-input', /fills in itself/],
])('a property that cannot be written so says why: %j', async (properties, code, message) => {
  await expect(us('create-database-page', { database: ID, properties })).rejects.toMatchObject({
    details: { code, message: expect.stringMatching(message) },
  })
})

it('a page is read as plain values', async () => {
  const page = {
    id: ID,
    url: 'https://notion.so/x',
    properties: {
      Name: { type: 'title', title: [{ plain_text: 'Order ' }, { plain_text: '42' }] },
      Status: { type: 'status', status: { name: 'Open' } },
      Tags: { type: 'multi_select', multi_select: [{ name: 'a' }] },
      Sum: { type: 'formula', formula: { type: 'number', number: 3 } },
      Due: { type: 'date', date: { start: '2026-11-30', end: null } },
    },
  }
  const { output } = await sentByUs(notion, 'get-page', { page: ID }, { answers: () => page, account })
  expect(output).toMatchObject({
    title: 'Order 42',
    properties: { Name: 'Order 42', Status: 'Open', Tags: ['a'], Sum: 3, Due: '2026-11-30' },
  })
})

it('long texts go in pieces, and too many paragraphs are told', () => {
  const [block] = blocksOf('x'.repeat(4_500))
  expect(JSON.stringify(block).match(/"content"/g)).toHaveLength(3)
  expect(() => blocksOf(Array(102).fill('a').join('\n\n'))).toThrow(/takes 100 at once/)
})
