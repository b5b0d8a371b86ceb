import { docs as docsOf } from '@googleapis/docs'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { googleDocs } from './google-docs.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const ID = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms'
const run = (content: string) => ({ textRun: { content } })
const DOCUMENT: Json = {
  documentId: ID,
  title: 'Minutes',
  body: {
    content: [
      { sectionBreak: {} },
      { paragraph: { elements: [run('Hello '), run('Ada\n')] } },
      {
        table: {
          tableRows: [
            {
              tableCells: [
                { content: [{ paragraph: { elements: [run('a\n')] } }] },
                { content: [{ paragraph: { elements: [run('b\n')] } }] },
              ],
            },
          ],
        },
      },
    ],
  },
}
const answers = (): Json => DOCUMENT
type Client = ReturnType<typeof docsOf>['documents']
const bare = (sent: readonly Sent[]) => sent.map(({ authorization: _, ...rest }) => rest)

it.each<[string, Record<string, Json>, (documents: Client) => Promise<unknown>]>([
  ['create', { title: 'Minutes' }, (documents) => documents.create({ requestBody: { title: 'Minutes' } })],
  [
    'get',
    { document: `https://docs.google.com/document/d/${ID}/edit` },
    (documents) => documents.get({ documentId: ID }),
  ],
  [
    'append-text',
    { document: ID, text: 'Hello' },
    (documents) =>
      documents.batchUpdate({
        documentId: ID,
        requestBody: { requests: [{ insertText: { text: 'Hello', endOfSegmentLocation: {} } }] },
      }),
  ],
  [
    'replace-text',
    { document: ID, values: { NAME: 'Ada', TOTAL: 12.5 } },
    (documents) =>
      documents.batchUpdate({
        documentId: ID,
        requestBody: {
          requests: [
            { replaceAllText: { containsText: { text: 'NAME', matchCase: true }, replaceText: 'Ada' } },
            { replaceAllText: { containsText: { text: 'TOTAL', matchCase: true }, replaceText: '12.5' } },
          ],
        },
      }),
  ],
])('%s as Google’s own library does', async (uses, input, call) => {
  const theirs = await sentByLibrary(
    (rootUrl) => call(docsOf({ version: 'v1', rootUrl: `${rootUrl}/` }).documents),
    answers,
  )
  const { sent } = await sentByUs(googleDocs, uses, input, { answers, account })
  expect(bare(sent)).toEqual(bare(theirs))
})

it('the words of paragraphs and tables are read', async () => {
  const { output } = await sentByUs(googleDocs, 'get', { document: ID }, { answers, account })
  expect(output).toEqual({ documentId: ID, title: 'Minutes', text: 'Hello Ada\na\tb\n' })
})
