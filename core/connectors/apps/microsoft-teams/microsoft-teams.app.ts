import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GRAPH, graphPages, microsoftAnswers } from '../../providers/microsoft.ts'
import { changeSample, changesTrigger, deltaTrigger } from '../../providers/microsoft-changes.ts'
import { choice, json, longText, text, texts } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const LISTS = ['Team.ReadBasic.All', 'Channel.ReadBasic.All']
const READS = ['ChannelMessage.Read.All', ...LISTS]
const POSTS = ['ChannelMessage.Send', ...LISTS]
const CHATS = ['ChatMessage.Send', 'Chat.Read']

const team = text('Team', { placeholder: '02bd9fd6-8f93-4758-87c3-1fb73740a315', from: { list: 'teams' } })
const channel = text('Channel', {
  placeholder: '19:…@thread.tacv2',
  help: 'Its id.',
  from: { list: 'channels', needs: ['team'] },
})
const chat = text('Chat', { placeholder: '19:…@unq.gbl.spaces', help: 'Its id.', from: { list: 'chats' } })
const written = {
  text: longText('Text', { as: 'body.content', most: 28_000 }),
  kind: choice('It is', { text: 'Plain text', html: 'HTML' }, { as: 'body.contentType' }),
}
const stored = {
  id: '1616990032035',
  createdDateTime: '2026-11-30T09:00:00Z',
  from: { user: { displayName: 'Ada Lovelace' } },
  body: { contentType: 'text', content: 'The report is ready.' },
  webUrl: 'https://teams.microsoft.com/l/message/…',
}
const keywords = ['chat', 'channel', 'office 365', 'post']
const messages = 'teams/{team}/channels/{channel}/messages'

/** A chat by its topic, or by who is in it. */
function chatName(item: Json): string {
  const topic = textAt(item, 'topic')
  if (topic !== '') return topic
  const members = valueAt(item, readPath('members')) ?? null
  const names = Array.isArray(members) ? members.map((one) => textAt(one, 'displayName')).filter(Boolean) : []
  return names.join(', ')
}

/** A person in a chat, as Microsoft has them. */
const member = (user: Json): Json => ({
  '@odata.type': '#microsoft.graph.aadUserConversationMember',
  roles: ['owner'],
  'user@odata.bind': `${GRAPH}/users('${textOf(user).replaceAll("'", "''")}')`,
})

/** Microsoft Teams (https://learn.microsoft.com/en-us/graph/api/resources/teams-api-overview); for accounts of work and school. */
export const microsoftTeams = defineApp({
  id: 'microsoft-teams',
  title: 'Microsoft Teams',
  icon,
  hue,
  address: GRAPH,
  account: 'needed',
  takesKey: false,
  alsoTakes: ['microsoft'],
  answers: microsoftAnswers,
  lists: {
    teams: listOf({ request: 'GET /me/joinedTeams', pages: { items: 'value' }, value: 'id', label: 'displayName' }),
    channels: listOf({
      request: 'GET /teams/{team}/channels',
      fields: { team },
      pages: { items: 'value' },
      value: 'id',
      label: 'displayName',
    }),
    chats: listOf({
      request: 'GET /me/chats?$expand=members',
      pages: graphPages(50),
      value: 'id',
      label: chatName,
      hint: 'chatType',
    }),
  },
  triggers: [
    deltaTrigger({
      name: 'new-channel-message',
      title: 'New message in a Teams channel',
      description: 'Starts for each message in a channel. An administrator has to allow it.',
      keywords: [...keywords, 'receive'],
      scopes: READS,
      fields: { team, channel },
      summary: '{channel}',
      begin: ({ entered }) =>
        `teams/${pathPart('team', entered.team)}/channels/${pathPart('channel', entered.channel)}/messages/delta`,
      counts: (item) => valueAt(item, readPath('messageType')) !== 'systemEventMessage',
      key: (item) => textAt(item, 'id'),
      sample: stored,
    }),
    changesTrigger({
      name: 'push',
      title: 'Teams tells of a channel',
      description: 'Starts at once when a message is written or changed in a channel; a step after it reads that.',
      keywords: [...keywords, 'webhook', 'at once'],
      scopes: READS,
      fields: { team, channel },
      summary: '{channel}',
      resource: ({ team: of, channel: at }) =>
        `teams/${pathPart('team', of)}/channels/${pathPart('channel', at)}/messages`,
      changes: 'created,updated',
      // Longer than an hour it tells only those who have another address for news of the subscription itself.
      hours: 0.9,
      sample: changeSample('1616990032035', "teams('fbe2bf47')/channels('19:4a95f7d8')/messages('1616990032035')"),
    }),
  ],
  actions: [
    operation({
      name: 'send-channel',
      title: 'Post to a Teams channel',
      description: 'Writes a message in a channel.',
      keywords: [...keywords, 'send', 'message'],
      summary: '{text}',
      scopes: POSTS,
      request: `POST /${messages}`,
      fields: {
        team,
        channel,
        ...written,
        subject: text('Subject', { optional: true }),
        importance: choice(
          'Importance',
          { normal: 'Usual', high: 'High', urgent: 'Urgent' },
          { optional: true, advanced: true },
        ),
        attachments: json('Attachments', {
          optional: true,
          advanced: true,
          help: 'Cards and the like, as Microsoft names them; the content of a card is a text.',
          placeholder: '[{"id":"1","contentType":"application/vnd.microsoft.card.adaptive","content":"{…}"}]',
        }),
        mentions: json('Mentions', {
          optional: true,
          advanced: true,
          help: 'Each is an <at id="0"> in a text of HTML.',
          placeholder: '[{"id":0,"mentionText":"Ada","mentioned":{"user":{"id":"…"}}}]',
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'reply-channel',
      title: 'Answer in a Teams channel',
      description: 'Answers a message of a channel, in its thread.',
      keywords: [...keywords, 'reply', 'thread'],
      summary: '{text}',
      scopes: POSTS,
      request: `POST /${messages}/{message}/replies`,
      fields: {
        team,
        channel,
        message: text('Message', { placeholder: '{{ message.id }}', help: 'Its id.' }),
        ...written,
      },
      sample: stored,
    }),
    operation({
      name: 'send-chat',
      title: 'Send a chat message in Teams',
      description: 'Writes to a person or a group.',
      keywords: [...keywords, 'direct message', 'person'],
      summary: '{text}',
      scopes: CHATS,
      request: 'POST /chats/{chat}/messages',
      fields: { chat, ...written },
      sample: stored,
    }),
    operation({
      name: 'create-chat',
      title: 'Open a chat in Teams',
      description: 'Opens a chat with people. With one person it is the one that there is.',
      keywords: [...keywords, 'group', 'direct message'],
      scopes: ['Chat.Create'],
      request: 'POST /chats',
      fields: {
        people: texts('People', { at: 'nowhere', help: 'Ids or addresses, one a line; you are one of them.' }),
        topic: text('Topic', { optional: true, help: 'Of a group.' }),
      },
      body: (body, { people }) => {
        const all = Array.isArray(people) ? people : []
        return { ...Object(body), chatType: all.length > 2 ? 'group' : 'oneOnOne', members: all.map(member) }
      },
      sample: {
        id: '19:82fe7758@unq.gbl.spaces',
        chatType: 'oneOnOne',
        webUrl: 'https://teams.microsoft.com/l/chat/…',
      },
    }),
    operation({
      name: 'list-channel-messages',
      title: 'Read a Teams channel',
      description: 'Reads the last messages of a channel. An administrator has to allow it.',
      keywords: [...keywords, 'get many', 'history'],
      summary: '{channel}',
      scopes: READS,
      request: `GET /${messages}`,
      fields: { team, channel },
      pages: graphPages(50),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-channel',
      title: 'Create a Teams channel',
      description: 'Adds a channel to a team.',
      keywords: [...keywords, 'add'],
      summary: '{name}',
      scopes: ['Channel.Create', ...LISTS],
      request: 'POST /teams/{team}/channels',
      fields: {
        team,
        name: text('Name', { as: 'displayName', most: 50 }),
        description: text('What it is about', { optional: true, most: 1_024 }),
        kind: choice('For', { standard: 'All of the team', private: 'Some of it' }, { as: 'membershipType' }),
      },
      sample: { id: '19:4a95f7d8@thread.tacv2', displayName: 'Reports', membershipType: 'standard' },
    }),
  ],
})
