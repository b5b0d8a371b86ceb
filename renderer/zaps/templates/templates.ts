import type { Json, JsonObject } from '../../../core/domain/values/json.ts'
import { parseZapFile } from '../../../core/domain/zap/parse-zap-file.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import addressesInText from './addresses-in-text.zap.json'
import approval from './approval.zap.json'
import backupSilent from './backup-silent.zap.json'
import compareLists from './compare-lists.zap.json'
import csvToSummary from './csv-to-summary.zap.json'
import dailyDigest from './daily-digest.zap.json'
import debounce from './debounce.zap.json'
import downloadsByKind from './downloads-by-kind.zap.json'
import failureAlert from './failure-alert.zap.json'
import folderCsvToTable from './folder-csv-to-table.zap.json'
import forEachLine from './for-each-line.zap.json'
import formToTable from './form-to-table.zap.json'
import healthCheck from './health-check.zap.json'
import keepVersions from './keep-versions.zap.json'
import lowStock from './low-stock.zap.json'
import markdownPages from './markdown-pages.zap.json'
import morningZap from './morning-zap.zap.json'
import numberInvoices from './number-invoices.zap.json'
import packFolder from './pack-folder.zap.json'
import photosByDate from './photos-by-date.zap.json'
import putAwayOld from './put-away-old.zap.json'
import router from './router.zap.json'
import signUps from './sign-ups.zap.json'
import signedWebhook from './signed-webhook.zap.json'
import skipSeen from './skip-seen.zap.json'
import smallApi from './small-api.zap.json'
import tableToCsv from './table-to-csv.zap.json'
import valueChanges from './value-changes.zap.json'
import waitUntilReady from './wait-until-ready.zap.json'
import webhookToFile from './webhook-to-file.zap.json'

/** What templates are about, in the gallery's order. */
export const TEMPLATE_GROUPS = [
  'Files and folders',
  'Tables and forms',
  'Webhooks',
  'Lists and text',
  'Watch and tell',
  'Decisions and time',
] as const

/** A zap to begin with. It runs without an account and without the internet. */
export type Template = {
  readonly group: (typeof TEMPLATE_GROUPS)[number]
  readonly zap: ZapFile
  /** What its trigger returns in a test. */
  readonly sample: Json
}

const AT = '2026-11-24T09:00:00.000Z'
const request = (body: Json): JsonObject => ({
  method: 'POST',
  path: 'template',
  query: {},
  headers: { 'content-type': 'application/json' },
  body,
  receivedAt: AT,
  remoteAddress: '127.0.0.1',
})
const file = (folder: string, name: string): JsonObject => ({
  event: 'created',
  path: `${folder}/${name}`,
  name,
  folder,
  extension: name.split('.').at(-1) ?? '',
  bytes: 1_234,
  modifiedAt: '2026-11-21T14:05:09.000Z',
})
const due: JsonObject = { dueAt: AT, firedAt: AT, missed: 0 }

/** The everyday ones of each group first. */
const FILES: readonly [group: Template['group'], file: unknown, sample: Json][] = [
  ['Files and folders', downloadsByKind, file('Downloads', 'holiday.JPG')],
  ['Files and folders', photosByDate, file('Photos', 'IMG_0042.JPG')],
  ['Files and folders', csvToSummary, file('Reports', 'november.csv')],
  ['Files and folders', keepVersions, file('Notes', 'plan.md')],
  ['Files and folders', markdownPages, file('Notes', 'plan.md')],
  ['Files and folders', packFolder, due],
  ['Files and folders', putAwayOld, due],
  ['Files and folders', webhookToFile, request({ id: 42, what: 'paid' })],
  [
    'Tables and forms',
    formToTable,
    { fields: { name: 'Ada', email: 'ada@example.com', message: 'Is it open on Sunday?' }, submittedAt: AT },
  ],
  ['Tables and forms', folderCsvToTable, file('Orders', 'orders.csv')],
  ['Tables and forms', signUps, { fields: { email: 'Ada@Example.com', name: 'Ada' }, submittedAt: AT }],
  [
    'Tables and forms',
    lowStock,
    {
      event: 'changed',
      table: 'Stock',
      id: 3,
      row: { item: 'Coffee', left: 2, least: 4 },
      before: { item: 'Coffee', left: 4, least: 4 },
      fields: ['left'],
      at: AT,
    },
  ],
  ['Tables and forms', numberInvoices, request({ customer: 'Ada', amount: 75 })],
  ['Tables and forms', tableToCsv, due],
  [
    'Tables and forms',
    compareLists,
    request({
      prices: [
        { item: 'Lamp', price: 75 },
        { item: 'Shelf', price: 129.9 },
      ],
    }),
  ],
  ['Webhooks', router, request({ id: 7, amount: 1_200 })],
  ['Webhooks', smallApi, request({ amount: 100 })],
  ['Webhooks', signedWebhook, request({ id: 42 })],
  ['Webhooks', skipSeen, request({ id: 42 })],
  [
    'Lists and text',
    forEachLine,
    request({
      lines: [
        { sku: 'A', count: 2 },
        { sku: 'B', count: 1 },
      ],
    }),
  ],
  [
    'Lists and text',
    addressesInText,
    request({ text: 'Write to grace@example.com or ada@example.com; ada@example.com answers first.' }),
  ],
  [
    'Watch and tell',
    failureAlert,
    {
      zap: { id: 'zap_1', name: 'Backup' },
      run: { id: 'run_1', startedAt: AT, finishedAt: AT },
      reason: 'The disk is full.',
      step: null,
      error: null,
      event: null,
    },
  ],
  ['Watch and tell', backupSilent, { zap: { id: 'zap_1', name: 'Backup' }, lastEventAt: '2026-11-23T06:00:00.000Z' }],
  ['Watch and tell', healthCheck, due],
  ['Watch and tell', valueChanges, request({ room: 'Kitchen', temperature: 21.5 })],
  ['Watch and tell', dailyDigest, request({ title: 'A parcel came' })],
  ['Decisions and time', approval, request({ id: 42, amount: 1_999 })],
  ['Decisions and time', waitUntilReady, {}],
  ['Decisions and time', debounce, request({ branch: 'main' })],
  ['Decisions and time', morningZap, due],
]

/** The templates, as drafts. A test holds every file to what Hookline takes, and runs it. */
export function readTemplates(): readonly Template[] {
  return FILES.map(([group, content, sample]) => {
    const parsed = parseZapFile(content)
    if ('problems' in parsed) throw new Error(`a template cannot be read: ${parsed.problems[0]?.message}`)
    return { group, zap: parsed.zap, sample }
  })
}

/** The templates that have every word of a search in their name, description, group or steps. */
export function templatesWith(templates: readonly Template[], search: string): readonly Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return templates.filter(({ group, zap }) => {
    const steps = zap.steps.map((step) => `${step.name ?? ''} ${step.uses}`).join(' ')
    const text = `${group} ${zap.name} ${zap.description ?? ''} ${steps}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
