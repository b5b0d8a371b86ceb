import { createHash } from 'node:crypto'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { GOOGLE_ACCOUNTS, googleAnswers, objectOf } from '../../providers/google.ts'
import { driveFiles } from '../../providers/google-files.ts'
import { choice, json, number, pairs, text, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Entered } from '../../service/request.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'
import {
  appendRows,
  cellsOf,
  rangeOf,
  readHeader,
  readValues,
  rowObject,
  rowsBelow,
  type SheetPlace,
  writeRow,
} from './sheet-rows.ts'

const WRITE = 'https://www.googleapis.com/auth/spreadsheets'
const READ = 'https://www.googleapis.com/auth/spreadsheets.readonly'
/** For the list of spreadsheets to choose from. */
const FILES = 'https://www.googleapis.com/auth/drive.metadata.readonly'
const reads = { scopes: [READ, FILES] }
const writes = { scopes: [WRITE, FILES] }

const spreadsheet = text('Spreadsheet', {
  placeholder: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms',
  help: 'Chosen from your Drive, or its address, or the id in that.',
  from: { list: 'spreadsheets', searches: true },
  // A whole address is as good.
  send: (value) => /\/d\/([\w-]{10,})/.exec(textOf(value))?.[1] ?? value,
})
const sheet = text('Sheet', { placeholder: 'Sheet1', from: { list: 'sheets', needs: ['spreadsheet'] } })
const headerRow = number('Names are in row', {
  min: 1,
  max: 10_000,
  optional: true,
  advanced: true,
  help: 'Row 1 when empty.',
})
const values = pairs('Values', { help: 'By the names of the columns. Columns that are not named stay as they are.' })
const entered = yesNo('As typed', {
  initial: true,
  advanced: true,
  help: 'Dates, numbers and formulas are read as if a person had typed them; else all of it stays as it is.',
})
const keyColumn = text('Column', {
  help: 'By whose value the row is found.',
  from: { list: 'columns', needs: ['spreadsheet', 'sheet'] },
})
const keyValue = text('Has the value', { most: 50_000 })

const row = { row: 2, Date: '2026-11-30', Customer: 'Ada', Amount: '12.50' }

function placeOf({
  http,
  input,
}: {
  readonly http: AppClient
  readonly input: Entered
}): SheetPlace & { headerRow: number } {
  const id = spreadsheet.send?.(input.spreadsheet ?? '') ?? ''
  return { http, spreadsheet: textOf(id), sheet: textOf(input.sheet ?? ''), headerRow: Number(input.headerRow ?? 1) }
}

/** All rows with their names. `asShown`: cells as a person sees them, else numbers as numbers. */
async function readRows(place: ReturnType<typeof placeOf>, asShown: boolean) {
  const all = await readValues(place, '', asShown)
  const names = all[place.headerRow - 1] ?? []
  return {
    header: names.map((cell) => textOf(cell).trim()),
    rows: rowsBelow(all.slice(place.headerRow), place.headerRow),
  }
}

async function findRow(place: ReturnType<typeof placeOf>, input: Entered) {
  const { header, rows } = await readRows(place, true)
  const column = textOf(input.column ?? '').trim()
  const at = header.indexOf(column)
  if (at < 0) {
    const message = `The sheet "${place.sheet}" has no column "${column}": it has ${header.join(', ')}.`
    throw new StepError({ code: 'no-column', message, retryable: false })
  }
  const wanted = textOf(input.equals ?? '')
  return { header, found: rows.filter(({ cells }) => textOf(cells[at] ?? '') === wanted) }
}

/** Rows to append, in whichever form they were given. */
function rowsGiven(input: Entered): Readonly<Record<string, Json | undefined>>[] {
  const many = input.rows
  if (many === undefined) return [objectOf(input.values)]
  return (isJsonList(many) ? many : [many]).map((one) => objectOf(one))
}

/** Google Sheets (https://developers.google.com/workspace/sheets/api/reference/rest). */
export const googleSheets = defineApp({
  id: 'google-sheets',
  title: 'Google Sheets',
  icon,
  hue,
  address: 'https://sheets.googleapis.com',
  alsoAt: ['https://www.googleapis.com'],
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: {
    spreadsheets: driveFiles("mimeType='application/vnd.google-apps.spreadsheet'"),
    sheets: listOf({
      request: 'GET /v4/spreadsheets/{spreadsheet}?fields=sheets.properties(sheetId,title,index)',
      fields: { spreadsheet },
      pages: { items: 'sheets' },
      value: 'properties.title',
      label: 'properties.title',
    }),
    async columns({ http, input }) {
      const names = await readHeader(placeOf({ http, input }), Number(input.headerRow ?? 1))
      return { options: names.filter((name) => name !== '').map((name) => ({ value: name, label: name })), next: null }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-row',
      title: 'New row in Google Sheets',
      description: 'Starts for each row that is added to a sheet.',
      keywords: ['spreadsheet', 'added', 'table'],
      summary: '{sheet}',
      ...reads,
      fields: { spreadsheet, sheet, headerRow },
      key: markOf,
      order: (item) => Number(objectOf(item).row ?? 0),
      sample: row,
      async list(context) {
        const { header, rows } = await readRows(placeOf(context), false)
        return rows.map((one) => rowObject(header, one))
      },
    }),
    newItemTrigger({
      name: 'row-updated',
      title: 'New or changed row in Google Sheets',
      description: 'Starts for each row that is added or changed.',
      keywords: ['spreadsheet', 'changed', 'updated', 'edited'],
      summary: '{sheet}',
      ...reads,
      fields: { spreadsheet, sheet, headerRow },
      key: markOf,
      sample: row,
      async list(context) {
        const { header, rows } = await readRows(placeOf(context), false)
        return rows.map((one) => rowObject(header, one))
      },
    }),
  ],
  actions: [
    operation({
      name: 'read-rows',
      title: 'Read rows from Google Sheets',
      description: 'Reads the rows of a sheet as objects, by the names of its columns.',
      keywords: ['get', 'lookup', 'find', 'spreadsheet', 'table'],
      summary: '{sheet}',
      effect: 'none',
      ...reads,
      fields: {
        spreadsheet,
        sheet,
        column: text('Only where the column', {
          optional: true,
          from: { list: 'columns', needs: ['spreadsheet', 'sheet'] },
        }),
        equals: text('Has the value', { optional: true, most: 50_000 }),
        limit: number('At most', {
          min: 1,
          max: 1_000_000,
          optional: true,
          advanced: true,
          help: 'Rows; all when empty.',
        }),
        asShown: yesNo('As shown', {
          initial: true,
          advanced: true,
          help: 'Cells as a person sees them; else numbers are numbers.',
        }),
        headerRow,
      },
      sample: { rows: [row], columns: ['Date', 'Customer', 'Amount'], count: 1 },
      async run(context) {
        const place = placeOf(context)
        const { input } = context
        const { header, rows } = await readRows(place, input.asShown !== false)
        const at = input.column === undefined ? -1 : header.indexOf(textOf(input.column).trim())
        if (input.column !== undefined && at < 0) cellsOf(header, { [textOf(input.column)]: '' }, place.sheet)
        const wanted = textOf(input.equals ?? '')
        const found = at < 0 ? rows : rows.filter(({ cells }) => textOf(cells[at] ?? '') === wanted)
        const limited = found.slice(0, Number(input.limit ?? found.length))
        return { rows: limited.map((one) => rowObject(header, one)), columns: header, count: limited.length }
      },
    }),
    operation({
      name: 'append-row',
      title: 'Add rows to Google Sheets',
      description:
        'Adds a row, or a list of rows, behind the last one. When it is cut off it cannot be known whether the row is there.',
      keywords: ['insert', 'create', 'append', 'spreadsheet', 'table', 'log'],
      summary: '{sheet}',
      ...writes,
      fields: {
        spreadsheet,
        sheet,
        values: pairs('Values', { optional: true, help: 'By the names of the columns.' }),
        rows: json('Or a list of rows', {
          optional: true,
          advanced: true,
          placeholder: '{{ csv.rows }}',
          help: 'Objects by the names of the columns.',
        }),
        entered,
        headerRow,
      },
      sample: { range: 'Sheet1!A2:C2', row: 2, count: 1 },
      async run(context) {
        const place = placeOf(context)
        const header = await readHeader(place, place.headerRow)
        const rows = rowsGiven(context.input).map((one) => cellsOf(header, one, place.sheet))
        if (rows.length === 0) return { range: '', row: 0, count: 0 }
        if (rows.some((one) => one.every((cell) => cell === null))) {
          const message =
            'A row has no value for any column of the sheet: fill in "Values", by the names of its columns.'
          throw new StepError({ code: 'bad-input', message, retryable: false })
        }
        return appendRows(place, rows, context.input.entered !== false)
      },
    }),
    operation({
      name: 'update-row',
      title: 'Change a row in Google Sheets',
      description: 'Finds a row by the value of a column, and changes some of its cells.',
      keywords: ['edit', 'spreadsheet', 'table'],
      summary: '{sheet}',
      effect: 'idempotent',
      ...writes,
      fields: { spreadsheet, sheet, column: keyColumn, equals: keyValue, values, entered, headerRow },
      sample: { row: 2, found: true },
      async run(context) {
        const place = placeOf(context)
        const { header, found } = await findRow(place, context.input)
        const [first] = found
        if (first === undefined) return { row: 0, found: false }
        await writeRow(
          place,
          first.number,
          cellsOf(header, objectOf(context.input.values), place.sheet),
          context.input.entered !== false,
        )
        return { row: first.number, found: true }
      },
    }),
    operation({
      name: 'append-or-update',
      title: 'Add or change a row in Google Sheets',
      description:
        'Changes the row with a value in a column, and adds one where there is none. Two runs at once may both add.',
      keywords: ['upsert', 'spreadsheet', 'table'],
      summary: '{sheet}',
      ...writes,
      fields: { spreadsheet, sheet, column: keyColumn, equals: keyValue, values, entered, headerRow },
      sample: { row: 2, created: false },
      async run(context) {
        const place = placeOf(context)
        const { input } = context
        const { header, found } = await findRow(place, input)
        const cells = cellsOf(
          header,
          { ...objectOf(input.values), [textOf(input.column ?? '')]: input.equals ?? '' },
          place.sheet,
        )
        const [first] = found
        if (first === undefined)
          return { row: (await appendRows(place, [cells], input.entered !== false)).row, created: true }
        await writeRow(place, first.number, cells, input.entered !== false)
        return { row: first.number, created: false }
      },
    }),
    operation({
      name: 'clear',
      title: 'Empty cells in Google Sheets',
      description: 'Empties the cells of a range, such as A2:Z.',
      keywords: ['delete', 'clear', 'spreadsheet'],
      summary: '{sheet} {range}',
      effect: 'idempotent',
      ...writes,
      fields: {
        spreadsheet,
        sheet,
        range: text('Range', { optional: true, placeholder: 'A2:Z', help: 'All of it when empty.' }),
      },
      sample: { spreadsheetId: '1Bxi…', clearedRange: 'Sheet1!A2:Z1000' },
      async run(context) {
        const place = placeOf(context)
        const range = rangeOf(place.sheet, textOf(context.input.range ?? ''))
        const path = `v4/spreadsheets/${pathPart('spreadsheet', place.spreadsheet)}/values/${pathPart('range', range)}:clear`
        return (await place.http({ method: 'POST', path })).body
      },
    }),
    operation({
      name: 'create-spreadsheet',
      title: 'Create a spreadsheet in Google Sheets',
      description: 'Creates a spreadsheet in your Drive.',
      keywords: ['new', 'file', 'table'],
      ...writes,
      request: 'POST /v4/spreadsheets',
      fields: { title: text('Title', { as: 'properties.title', placeholder: 'Orders 2026' }) },
      sample: { spreadsheetId: '1Bxi…', spreadsheetUrl: 'https://docs.google.com/spreadsheets/d/1Bxi…/edit' },
    }),
    operation({
      name: 'get-spreadsheet',
      title: 'Get the sheets of a spreadsheet',
      description: 'Reads the title and the sheets of a spreadsheet, with their sizes.',
      keywords: ['info', 'tabs', 'properties'],
      ...reads,
      request: 'GET /v4/spreadsheets/{spreadsheet}?fields=spreadsheetId,properties.title,sheets.properties',
      fields: { spreadsheet },
      sample: {
        spreadsheetId: '1Bxi…',
        properties: { title: 'Orders' },
        sheets: [{ properties: { sheetId: 0, title: 'Sheet1', index: 0 } }],
      },
    }),
    operation({
      name: 'update-ranges',
      title: 'Write ranges in Google Sheets',
      description: 'Writes several ranges of cells at once.',
      keywords: ['batch', 'cells'],
      effect: 'idempotent',
      ...writes,
      request: 'POST /v4/spreadsheets/{spreadsheet}/values:batchUpdate',
      fields: {
        spreadsheet,
        data: json('Ranges', { placeholder: '[{"range":"Sheet1!A1:B1","values":[["a","b"]]}]' }),
        entered: choice('As', { USER_ENTERED: 'Typed', RAW: 'It is' }, { as: 'valueInputOption', advanced: true }),
      },
      sample: { totalUpdatedRows: 1, totalUpdatedCells: 2 },
    }),
    operation({
      name: 'batch-update',
      title: 'Change a spreadsheet',
      description: 'Adds sheets, deletes rows, formats: requests as Google names them.',
      keywords: ['add sheet', 'delete rows', 'format', 'delete'],
      ...writes,
      request: 'POST /v4/spreadsheets/{spreadsheet}:batchUpdate',
      fields: {
        spreadsheet,
        requests: json('Requests', { placeholder: '[{"addSheet":{"properties":{"title":"March"}}}]' }),
      },
      sample: { spreadsheetId: '1Bxi…', replies: [{}] },
    }),
  ],
})

/** What a row is known by: its place and what is in it. */
function markOf(item: Json): string {
  const { row: at, ...cells } = objectOf(item)
  return `${String(at)}:${createHash('sha256').update(JSON.stringify(cells)).digest('base64url').slice(0, 16)}`
}
