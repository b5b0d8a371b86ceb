import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GOOGLE_ACCOUNTS, googleAnswers, objectOf } from '../../providers/google.ts'
import { driveFiles } from '../../providers/google-files.ts'
import { json, longText, pairs, text } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const FILES = 'https://www.googleapis.com/auth/drive.metadata.readonly'
const reads = { scopes: ['https://www.googleapis.com/auth/documents.readonly', FILES] }
const writes = { scopes: ['https://www.googleapis.com/auth/documents', FILES] }

const document = text('Document', {
  placeholder: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms',
  help: 'Chosen from your Drive, or its address, or the id in that.',
  from: { list: 'documents', searches: true },
  send: (value: Json) => /\/d\/([\w-]{10,})/.exec(textOf(value))?.[1] ?? value,
})

/** The words of a document: those of its paragraphs, and of the cells of its tables. */
function wordsOf(content: Json | undefined, depth = 0): string {
  if (content === undefined || !isJsonList(content) || depth > 10) return ''
  return content
    .map((block) => {
      const elements = valueAt(block, readPath('paragraph.elements'))
      if (elements !== undefined && isJsonList(elements)) {
        return elements.map((one) => textAt(one, 'textRun.content')).join('')
      }
      const rows = valueAt(block, readPath('table.tableRows'))
      if (rows === undefined || !isJsonList(rows)) return ''
      return rows
        .map((row) => {
          const cells = valueAt(row, readPath('tableCells'))
          const list = cells !== undefined && isJsonList(cells) ? cells : []
          return `${list.map((cell) => wordsOf(valueAt(cell, readPath('content')), depth + 1).trimEnd()).join('\t')}\n`
        })
        .join('')
    })
    .join('')
}

/** Google Docs (https://developers.google.com/workspace/docs/api/reference/rest). */
export const googleDocs = defineApp({
  id: 'google-docs',
  title: 'Google Docs',
  icon,
  hue,
  address: 'https://docs.googleapis.com',
  alsoAt: ['https://www.googleapis.com'],
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: {
    documents: driveFiles("mimeType='application/vnd.google-apps.document'"),
  },
  triggers: [
    newItemTrigger({
      name: 'document-updated',
      title: 'A Google document changes',
      description: 'Starts each time that a document was changed.',
      keywords: ['edited', 'doc', 'modified'],
      ...reads,
      fields: { document },
      async list({ http, input }) {
        const id = pathPart('document', document.send?.(input.document ?? '') ?? '')
        const query = { fields: 'id,name,modifiedTime,version,webViewLink', supportsAllDrives: 'true' }
        return [(await http({ path: `https://www.googleapis.com/drive/v3/files/${id}`, query })).body]
      },
      key: keyOfParts('id', 'version'),
      sample: { id: '1Bxi…', name: 'Minutes', version: '42', modifiedTime: '2026-11-30T09:00:00.000Z' },
    }),
  ],
  actions: [
    operation({
      name: 'create',
      title: 'Create a Google document',
      description: 'Creates an empty document in your Drive.',
      keywords: ['new', 'doc', 'text'],
      ...writes,
      request: 'POST /v1/documents',
      fields: { title: text('Title') },
      sample: { documentId: '1Bxi…', title: 'Minutes' },
    }),
    operation({
      name: 'get',
      title: 'Read a Google document',
      description: 'Reads the title and the words of a document.',
      keywords: ['doc', 'text', 'content'],
      effect: 'none',
      ...reads,
      fields: { document },
      sample: { documentId: '1Bxi…', title: 'Minutes', text: 'Who was there…\n' },
      async run({ http, input }) {
        const id = textOf(document.send?.(input.document ?? '') ?? '')
        const { body } = await http({
          path: `v1/documents/${encodeURIComponent(id.toWellFormed())}`,
          maxBytes: 67_108_864,
        })
        const { documentId = '', title = '' } = objectOf(body)
        return { documentId, title, text: wordsOf(valueAt(body, readPath('body.content'))) }
      },
    }),
    operation({
      name: 'append-text',
      title: 'Append to a Google document',
      description: 'Writes text at the end of a document.',
      keywords: ['insert', 'add', 'doc', 'update'],
      ...writes,
      request: 'POST /v1/documents/{document}:batchUpdate',
      fields: { document, text: longText('Text', { at: 'nowhere' }) },
      body: (_body, { text: words }) => ({
        requests: [{ insertText: { text: words ?? '', endOfSegmentLocation: {} } }],
      }),
      sample: { documentId: '1Bxi…', replies: [{}] },
    }),
    operation({
      name: 'replace-text',
      title: 'Fill in a Google document',
      description: 'Puts values in the place of words, such as those in a template that was copied.',
      keywords: ['template', 'placeholder', 'merge', 'doc'],
      ...writes,
      request: 'POST /v1/documents/{document}:batchUpdate',
      effect: 'idempotent',
      fields: {
        document,
        values: pairs('Values', { at: 'nowhere', help: 'The words in the document, and what takes their place.' }),
      },
      body: (_body, { values }) => ({
        requests: Object.entries(objectOf(values)).map(([word, value]) => ({
          replaceAllText: { containsText: { text: word, matchCase: true }, replaceText: textOf(value) },
        })),
      }),
      sample: { documentId: '1Bxi…', replies: [{ replaceAllText: { occurrencesChanged: 1 } }] },
    }),
    operation({
      name: 'batch-update',
      title: 'Change a Google document',
      description: 'Formats, inserts tables and pictures: requests as Google names them.',
      keywords: ['format', 'doc'],
      ...writes,
      request: 'POST /v1/documents/{document}:batchUpdate',
      fields: {
        document,
        requests: json('Requests', { placeholder: '[{"insertText":{"location":{"index":1},"text":"Hello"}}]' }),
      },
      sample: { documentId: '1Bxi…', replies: [{}] },
    }),
  ],
})
