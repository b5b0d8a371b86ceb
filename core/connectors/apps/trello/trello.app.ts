import { isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { joined, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.trello.com/1'

const board = text('Board', { placeholder: '5abbe4b7ddc1b351ef961414', from: { list: 'boards' } })
const anyBoard = text('Board', {
  optional: true,
  at: 'nowhere',
  help: 'To choose from its lists.',
  from: { list: 'boards' },
})
const list = text('List', {
  placeholder: '5abbe4b7ddc1b351ef961415',
  help: 'Its id.',
  from: { list: 'lists', needs: ['board'] },
})
const card = text('Card', {
  placeholder: 'https://trello.com/c/a1B2c3D4',
  help: 'Its id, or its address.',
  send: (value) => /\/c\/(\w+)/.exec(textOf(value))?.[1] ?? value,
})
const together = joined
const words = {
  text: longText('Description', { as: 'desc', optional: true, most: 16_384, help: 'Markdown.' }),
  due: moment('Due', { form: 'iso', optional: true }),
  members: texts('Members', {
    as: 'idMembers',
    optional: true,
    advanced: true,
    help: 'Ids, one a line.',
    send: together,
  }),
  labels: texts('Labels', { as: 'idLabels', optional: true, advanced: true, help: 'Ids, one a line.', send: together }),
}

const stored = {
  id: '5abbe4b7ddc1b351ef961416',
  name: 'Mend the printer',
  desc: '',
  idList: '5abbe4b7ddc1b351ef961415',
  shortUrl: 'https://trello.com/c/a1B2c3D4',
  due: null,
}
const action = {
  id: '5abbe4b7ddc1b351ef961417',
  type: 'createCard',
  date: '2026-11-30T09:00:00.000Z',
  data: { card: { id: stored.id, name: stored.name } },
}

/** Trello (https://developer.atlassian.com/cloud/trello/rest). */
export const trello = defineApp({
  id: 'trello',
  title: 'Trello',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'trello',
      title: 'Trello account',
      fields: [{ name: 'key', title: 'API key', isSecret: true }],
      secret: { title: 'Token', placeholder: 'ATTA…' },
      help: howTo(
        'A key and a token in three steps',
        {
          title: 'Create a Power-Up',
          text: 'New; any name will do.',
          link: { title: 'Power-Ups', url: 'https://trello.com/power-ups/admin' },
        },
        { title: 'Copy its API key', text: 'API key → Generate.' },
        { title: 'Get a token', text: 'The link “Token” beside the key; allow it, and paste both here.' },
      ),
      signIn: (token, { key = '' }) => ({ query: { key, token }, path: { token } }),
      test: whoIs({ address: ADDRESS, path: 'members/me', name: ['fullName', 'username'] }),
    }),
  ],
  lists: {
    boards: listOf({
      request: 'GET /members/me/boards?filter=open&fields=name',
      pages: { items: '' },
      value: 'id',
      label: 'name',
    }),
    lists: listOf({
      request: 'GET /boards/{board}/lists',
      fields: { board: text('Board') },
      pages: { items: '' },
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-card-or-activity',
      title: 'New card or change on a Trello board',
      description: 'Starts when a card is created, moved or commented on.',
      keywords: ['kanban', 'activity', 'comment', 'moved'],
      every: '2m',
      request: 'GET /boards/{board}/actions?limit=100',
      fields: {
        board,
        what: choice(
          'When a card is',
          {
            'createCard,updateCard:idList,commentCard': 'Created, moved or commented on',
            createCard: 'Created',
            'updateCard:idList': 'Moved',
            commentCard: 'Commented on',
          },
          { as: 'filter' },
        ),
      },
      pages: { items: '' },
      key: 'id',
      sample: action,
    }),
    hookTrigger({
      name: 'board-changed',
      title: 'Trello tells of a board',
      description: 'Starts at once when anything changes on a board.',
      keywords: ['webhook', 'kanban', 'activity', 'card'],
      fields: { board: { ...board, at: 'nowhere' } },
      // Trello signs with the address that it calls; that is unguessable.
      verify: null,
      subscribe: 'POST /webhooks/',
      body: ({ url }, { board: of }) => ({ callbackURL: url, idModel: of ?? '', description: 'Hookline' }),
      id: 'id',
      unsubscribe: 'DELETE /webhooks/{id}',
      all: { request: 'GET /tokens/{token}/webhooks', pages: { items: '' }, url: 'callbackURL', id: 'id' },
      // Before it takes a webhook, Trello looks whether the address is there.
      handshake: ({ method }) =>
        method === 'HEAD' || method === 'GET' ? { status: 200, headers: {}, body: null } : null,
      events: ({ body }) => {
        const found = isJsonObject(body) ? (body.action ?? null) : null
        return found === null ? [] : [{ key: textAt(found, 'id'), data: found }]
      },
      sample: action,
    }),
  ],
  actions: [
    operation({
      name: 'create-card',
      title: 'Create a card on Trello',
      description: 'Creates a card in a list.',
      keywords: ['task', 'todo', 'kanban', 'add'],
      summary: '{name}',
      request: 'POST /cards',
      fields: {
        board: anyBoard,
        list: { ...list, as: 'idList' },
        name: text('Title', { most: 16_384 }),
        ...words,
        place: choice('At the', { bottom: 'End', top: 'Beginning' }, { as: 'pos', advanced: true }),
        link: text('With the link', { as: 'urlSource', optional: true, advanced: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'update-card',
      title: 'Change a card on Trello',
      description: 'Changes a card, moves it to another list, or archives it.',
      keywords: ['task', 'edit', 'move', 'archive', 'kanban'],
      summary: '{card}',
      request: 'PUT /cards/{card}',
      fields: {
        card,
        board: anyBoard,
        list: text('Into the list', { as: 'idList', optional: true, from: { list: 'lists', needs: ['board'] } }),
        name: text('Title', { optional: true }),
        ...words,
        done: yesNo('It is done', { as: 'dueComplete', advanced: true }),
        archive: yesNo('Archive it', { as: 'closed', advanced: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'get-card',
      title: 'Get a card from Trello',
      description: 'Reads one card.',
      keywords: ['task', 'read', 'kanban'],
      request: 'GET /cards/{card}',
      fields: { card },
      sample: stored,
    }),
    operation({
      name: 'list-cards',
      title: 'List cards of Trello',
      description: 'Reads the cards of a list.',
      keywords: ['tasks', 'get many', 'kanban'],
      summary: '{list}',
      request: 'GET /lists/{list}/cards',
      fields: { board: anyBoard, list },
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'list-lists',
      title: 'List the lists of a Trello board',
      description: 'Reads the lists of a board.',
      keywords: ['columns', 'get many', 'kanban'],
      request: 'GET /boards/{board}/lists',
      fields: { board },
      sample: { items: [{ id: '5abbe4b7ddc1b351ef961415', name: 'To do' }], count: 1 },
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on a card on Trello',
      description: 'Writes a comment on a card.',
      keywords: ['reply', 'note', 'kanban'],
      request: 'POST /cards/{card}/actions/comments',
      fields: { card, text: longText('Text', { most: 16_384 }) },
      sample: { id: '5abbe4b7ddc1b351ef961418', type: 'commentCard' },
    }),
    operation({
      name: 'add-attachment',
      title: 'Attach to a card on Trello',
      description: 'Attaches a file or a link to a card.',
      keywords: ['upload', 'file', 'url', 'kanban'],
      fields: {
        card,
        file: file('File', { optional: true }),
        link: text('Link', { optional: true, placeholder: 'https://example.com', help: 'In place of a file.' }),
        name: text('Shown as', { optional: true, advanced: true }),
      },
      sample: { id: '5abbe4b7ddc1b351ef961419', name: 'report.pdf', url: 'https://trello.com/1/cards/…/report.pdf' },
      async run({ http, files, input }) {
        const path = `cards/${pathPart('card', card.send?.(input.card ?? '') ?? '')}/attachments`
        const name = input.name === undefined ? {} : { name: textOf(input.name) }
        if (input.file === undefined)
          return (await http({ method: 'POST', path, body: { url: input.link ?? '', ...name } })).body
        const read = await files.read(input.file, 'file')
        return (await http({ method: 'POST', path, query: name, parts: [{ name: 'file', ...read }] })).body
      },
    }),
    operation({
      name: 'delete-card',
      title: 'Delete a card on Trello',
      description: 'Deletes a card for good.',
      keywords: ['remove', 'task', 'kanban'],
      request: 'DELETE /cards/{card}',
      fields: { card },
      sample: { limits: {} },
    }),
  ],
})
