import { StepError } from '../../../domain/runs/step-error.ts'
import { encodedPart } from '../../../domain/values/address-text.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GRAPH, graphPages, microsoftAnswers } from '../../providers/microsoft.ts'
import { choice, json, pairs, text, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const SCOPES = ['Files.ReadWrite']
const workbook = text('Workbook', {
  placeholder: '01BYE5RZ6QN3ZWBTUFOFD3GSPGOHDJD36K',
  help: 'Its id; an .xlsx in OneDrive.',
  from: { list: 'workbooks' },
})
const worksheet = text('Worksheet', { placeholder: 'Sheet1', from: { list: 'worksheets', needs: ['workbook'] } })
const table = text('Table', { placeholder: 'Table1', from: { list: 'tables', needs: ['workbook'] } })
const range = text('Range', { placeholder: 'A1:C3' })

const at = ({ workbook: of }: Entered): string => `me/drive/items/${pathPart('workbook', of)}/workbook`
/** A range stands in an address between quotes, where a quote is doubled. */
const rangeAt = (input: Entered): string =>
  `${at(input)}/worksheets/${pathPart('worksheet', input.worksheet)}/range(address='${encodedPart(textOf(input.range ?? '').replaceAll("'", "''"))}')`

/** Rows as objects by their first one. */
function asRows(values: Json): Json[] {
  const [head, ...rows] = isJsonList(values) ? values : []
  const names = isJsonList(head ?? null)
    ? Object.values(Object(head)).map((name, column) => textOf(name as Json) || `Column ${column + 1}`)
    : []
  return rows.map((row) =>
    Object.fromEntries(names.map((name, column) => [name, isJsonList(row) ? (row[column] ?? null) : null])),
  )
}

/** The names of a table's columns, in their order. */
async function columnsOf(http: AppClient, input: Entered): Promise<string[]> {
  const { items } = await readPages(
    http,
    { path: `${at(input)}/tables/${pathPart('table', input.table)}/columns?$select=name` },
    { items: 'value', next: { by: 'address', at: '["@odata.nextLink"]' } },
    1_000,
  )
  return items.map((one) => textAt(one, 'name'))
}

/** The rows of a table by the names of its columns, with where they stand. */
async function tableRows(http: AppClient, input: Entered): Promise<Json[]> {
  const names = await columnsOf(http, input)
  const { items } = await readPages(
    http,
    { path: `${at(input)}/tables/${pathPart('table', input.table)}/rows` },
    { items: 'value', size: { as: '$top', most: 1_000 }, next: { by: 'offset', as: '$skip' } },
    50_000,
  )
  return items.map((row, index) => {
    const cells = valueAt(row, readPath('values[0]')) ?? null
    return {
      index,
      values: Object.fromEntries(
        names.map((name, column) => [name, isJsonList(cells) ? (cells[column] ?? null) : null]),
      ),
    }
  })
}

const values = { Name: 'Order 42', Total: 12.5 }

/** Workbooks of Excel in OneDrive, by Microsoft Graph (https://learn.microsoft.com/en-us/graph/api/resources/excel). */
export const microsoftExcel = defineApp({
  id: 'microsoft-excel',
  title: 'Microsoft Excel',
  icon,
  hue,
  address: GRAPH,
  account: 'needed',
  takesKey: false,
  alsoTakes: ['microsoft'],
  answers: microsoftAnswers,
  lists: {
    workbooks: listOf({
      request: "GET /me/drive/root/search(q='.xlsx')?$select=id,name",
      pages: graphPages(200),
      value: 'id',
      label: 'name',
    }),
    worksheets: listOf({
      request: 'GET /me/drive/items/{workbook}/workbook/worksheets',
      fields: { workbook },
      pages: { items: 'value' },
      value: 'name',
      label: 'name',
    }),
    tables: listOf({
      request: 'GET /me/drive/items/{workbook}/workbook/tables',
      fields: { workbook },
      pages: { items: 'value' },
      value: 'name',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-row',
      title: 'New row in an Excel table',
      description: 'Starts for each row that is added to a table of a workbook in OneDrive.',
      keywords: ['spreadsheet', 'office 365', 'added'],
      summary: '{table}',
      scopes: SCOPES,
      fields: { workbook, table },
      key: (row) => textAt(row, 'index'),
      // Rows have no ids: what stands below the last one seen is new.
      order: (row) => Number(valueAt(row, readPath('index')) ?? 0) + 1,
      event: (row) => (isJsonObject(row) ? { ...Object(row.values ?? {}), row: Number(row.index) + 1 } : row),
      sample: { ...values, row: 7 },
      list: ({ http, input }) => tableRows(http, input),
    }),
  ],
  actions: [
    operation({
      name: 'read-range',
      title: 'Read a range of Excel',
      description: 'Reads cells of a workbook in OneDrive.',
      keywords: ['spreadsheet', 'cells', 'rows', 'office 365'],
      summary: '{range}',
      scopes: SCOPES,
      effect: 'none',
      fields: { workbook, worksheet, range, head: yesNo('The first row has names', { initial: true }) },
      sample: {
        address: 'Sheet1!A1:B2',
        values: [
          ['Name', 'Total'],
          ['Order 42', 12.5],
        ],
        rows: [values],
      },
      async run({ http, input }) {
        const found = (await http({ path: `${rangeAt(input)}?$select=values,text,address`, maxBytes: 50_000_000 })).body
        return {
          ...Object(found),
          ...(input.head === true && { rows: asRows(valueAt(found, readPath('values')) ?? null) }),
        }
      },
    }),
    operation({
      name: 'used-range',
      title: 'Read a worksheet of Excel',
      description: 'Reads all cells of a worksheet that are filled in.',
      keywords: ['spreadsheet', 'rows', 'get many', 'office 365'],
      summary: '{worksheet}',
      scopes: SCOPES,
      effect: 'none',
      fields: { workbook, worksheet },
      sample: {
        address: 'Sheet1!A1:B2',
        values: [
          ['Name', 'Total'],
          ['Order 42', 12.5],
        ],
        rows: [values],
      },
      async run({ http, input }) {
        const path = `${at(input)}/worksheets/${pathPart('worksheet', input.worksheet)}/usedRange(valuesOnly=true)?$select=values,address`
        const found = (await http({ path, maxBytes: 50_000_000 })).body
        return { ...Object(found), rows: asRows(valueAt(found, readPath('values')) ?? null) }
      },
    }),
    operation({
      name: 'update-range',
      title: 'Write a range of Excel',
      description: 'Puts values into cells.',
      keywords: ['spreadsheet', 'cells', 'update', 'office 365'],
      summary: '{range}',
      scopes: SCOPES,
      effect: 'idempotent',
      fields: {
        workbook,
        worksheet,
        range,
        values: json('Values', {
          placeholder: '[["Order 42",12.5]]',
          help: 'Rows of cells, as many as the range has; null leaves a cell.',
        }),
      },
      sample: { address: 'Sheet1!A2:B2', values: [['Order 42', 12.5]] },
      run: async ({ http, input }) =>
        (await http({ method: 'PATCH', path: rangeAt(input), body: { values: input.values ?? [] } })).body,
    }),
    operation({
      name: 'add-table-row',
      title: 'Add a row to an Excel table',
      description: 'Adds a row at the end of a table of a workbook in OneDrive.',
      keywords: ['spreadsheet', 'append', 'insert', 'office 365'],
      summary: '{table}',
      scopes: SCOPES,
      fields: { workbook, table, values: pairs('Values', { help: 'By the names of the columns.' }) },
      sample: { index: 6, values: [['Order 42', 12.5]] },
      async run({ http, input }) {
        const given = isJsonObject(input.values ?? null) ? Object(input.values) : {}
        const names = await columnsOf(http, input)
        const unknown = Object.keys(given).filter((name) => !names.includes(name))
        if (unknown.length > 0) {
          const message = `The table has no column "${unknown[0]}"; it has ${names.join(', ')}.`
          throw new StepError({ code: 'bad-input', message, retryable: false })
        }
        const row = names.map((name) => (Object.hasOwn(given, name) ? given[name] : null))
        const path = `${at(input)}/tables/${pathPart('table', input.table)}/rows`
        return (await http({ method: 'POST', path, body: { values: [row] } })).body
      },
    }),
    operation({
      name: 'table-rows',
      title: 'Read an Excel table',
      description: 'Reads the rows of a table.',
      keywords: ['spreadsheet', 'get many', 'office 365'],
      summary: '{table}',
      scopes: SCOPES,
      effect: 'none',
      fields: { workbook, table },
      sample: { items: [{ index: 0, values }], count: 1 },
      run: ({ http, input }) => tableRows(http, input),
    }),
    operation({
      name: 'add-worksheet',
      title: 'Add a worksheet to Excel',
      description: 'Adds a worksheet to a workbook in OneDrive.',
      keywords: ['spreadsheet', 'create', 'office 365'],
      summary: '{name}',
      scopes: SCOPES,
      request: 'POST /me/drive/items/{workbook}/workbook/worksheets/add',
      fields: { workbook, name: text('Name', { most: 31 }) },
      sample: { id: '{00000000-0001-0000-0000-000000000000}', name: 'November' },
    }),
    operation({
      name: 'clear',
      title: 'Clear a range of Excel',
      description: 'Empties cells.',
      keywords: ['spreadsheet', 'cells', 'delete', 'office 365'],
      summary: '{range}',
      scopes: SCOPES,
      effect: 'idempotent',
      fields: {
        workbook,
        worksheet,
        range,
        what: choice('What', { Contents: 'What is in them', Formats: 'How they look', All: 'All' }),
      },
      sample: {},
      run: async ({ http, input }) =>
        (await http({ method: 'POST', path: `${rangeAt(input)}/clear`, body: { applyTo: input.what ?? 'Contents' } }))
          .body,
    }),
  ],
})
