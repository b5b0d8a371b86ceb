import { z } from 'zod'
import type { TableEdit, TablePage, TableRow, TableSummary, TableUse } from '../contract/values.ts'
import type { DataRow } from '../db/table-rows.ts'
import { findRowsAfter } from '../db/table-rows.ts'
import { type DataTable, findKeyColumns, findTable, listTables } from '../db/tables.ts'
import { listZaps } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { shownColumns, tableKey } from '../domain/tables/table.ts'
import { hostZone } from '../domain/time/zone.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../domain/values/json.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import type { RowEdit, WantedColumn } from '../engine/tables/table-edits.ts'
import { toIso } from './run-view.ts'
import { procedures, type TableServices } from './services.ts'

/** Bytes of a CSV file that is read. */
const MOST_BYTES = 256 * 1_048_576
/** Files that are being taken in at once, and how long one waits for its next piece. */
const MOST_UPLOADS = 4
const UPLOAD_MS = 120_000
/** Rows that are written as CSV at once. */
const EXPORTED = 1_000
/** Rows that are added at once. */
const BATCH = 250

type Upload = { pieces: Uint8Array[]; bytes: number; at: number }

export function tableProcedures(services: TableServices) {
  const { database, clock, tables, heavy } = services
  const { reader } = database
  const uploads = new Map<string, Upload>()

  async function summaries(of: readonly DataTable[]): Promise<TableSummary[]> {
    const zaps = (await listZaps(reader)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const keys = await findKeyColumns(reader)
    return of.map((table) => ({
      id: table.id,
      name: table.name,
      rows: table.rowCount,
      columns: shownColumns(table.columns).map(({ column, place }) => ({
        id: place,
        name: column.name,
        type: column.type,
        choices: column.choices ?? [],
        width: column.width ?? null,
        isKey: keys.get(table.id)?.has(place) === true,
      })),
      uses: zaps.flatMap(({ id, name, enabled, draft }) => {
        const use = useOf(draft, table)
        return use === undefined ? [] : [{ zapId: id, name, enabled, ...use }]
      }),
      createdAt: toIso(table.createdAt),
      changedAt: toIso(table.changedAt),
    }))
  }

  async function summary(table: DataTable): Promise<TableSummary> {
    const [one] = await summaries([(await findTable(reader, table.id)) ?? table])
    if (one === undefined) throw new Error('a table without a summary')
    return one
  }

  /** Does something; what a person is told of why it cannot be done is a conflict, or that the table is gone. */
  const asked = async <Result>(
    errors: { NOT_FOUND(what: { message: string }): Error; CONFLICT(what: { message: string }): Error },
    work: () => Promise<Result>,
  ): Promise<Result> =>
    work().catch((error: unknown) => {
      if (!(error instanceof StepError)) throw error
      const { code, message } = error.details
      throw code === 'no-table' ? errors.NOT_FOUND({ message }) : errors.CONFLICT({ message })
    })

  function forgetOldUploads(): void {
    for (const [name, { at }] of uploads) if (clock.now() - at > UPLOAD_MS) uploads.delete(name)
  }

  return {
    list: procedures.tables.list.handler(async () => summaries(await listTables(reader))),

    create: procedures.tables.create.handler(({ input, errors }) =>
      asked(errors, async () => summary(await tables.create(input.name, input.columns.map(wanted)))),
    ),

    rename: procedures.tables.rename.handler(({ input, errors }) =>
      asked(errors, async () => summary(await tables.rename(input.id, input.name))),
    ),

    setColumns: procedures.tables.setColumns.handler(({ input, errors }) =>
      asked(errors, async () => summary(await tables.setColumns(input.id, input.columns.map(wanted)))),
    ),

    remove: procedures.tables.remove.handler(({ input, errors }) =>
      asked(errors, async () => {
        await tables.remove(input.id)
        return { ok: true as const }
      }),
    ),

    restore: procedures.tables.restore.handler(({ input, errors }) =>
      asked(errors, async () => summary(await tables.restore(input.id))),
    ),

    rows: procedures.tables.rows.handler(async ({ input, errors }): Promise<TablePage> => {
      const { id, view, offset, limit, sum } = input
      try {
        const page = await tables.page(id, view, { offset, limit, sum }, hostZone())
        if (page === undefined) throw errors.NOT_FOUND({ message: 'This table was deleted.' })
        return { total: page.total, offset, rows: page.rows.map(rowView), sum: page.sum, problem: null }
      } catch (error) {
        if (!(error instanceof StepError)) throw error
        return { total: 0, offset, rows: [], sum: null, problem: error.details.message }
      }
    }),

    edit: procedures.tables.edit.handler(({ input, errors }) =>
      asked(errors, async () => {
        const { undo, rows } = await tables.edit(input.id, input.edits.map(editOf))
        return { undo: undo.map(editView), rows }
      }),
    ),

    importPiece: procedures.tables.importPiece.handler(async ({ input, errors }) => {
      forgetOldUploads()
      const { upload, at, piece } = input
      const known = uploads.get(upload) ?? { pieces: [], bytes: 0, at: 0 }
      const bytes = Buffer.from(piece, 'base64')
      if (at !== known.pieces.length)
        throw errors.CONFLICT({ message: 'A piece of the file is missing: import it again.' })
      if (!uploads.has(upload) && uploads.size >= MOST_UPLOADS) {
        throw errors.CONFLICT({
          message: `${MOST_UPLOADS} files are being imported already: wait until one of them is done.`,
        })
      }
      if (known.bytes + bytes.length > MOST_BYTES) {
        uploads.delete(upload)
        throw errors.CONFLICT({
          message: `The file has more than ${MOST_BYTES / 1_048_576} MB: import it in parts, or let a zap read it.`,
        })
      }
      known.pieces.push(bytes)
      known.bytes += bytes.length
      known.at = clock.now()
      uploads.set(upload, known)
      return { ok: true as const }
    }),

    importCsv: procedures.tables.importCsv.handler(({ input, errors, signal }) =>
      asked(errors, async () => {
        const upload = uploads.get(input.upload)
        uploads.delete(input.upload)
        if (upload === undefined) throw errors.CONFLICT({ message: 'The file did not arrive: import it again.' })
        let columns: readonly string[] = []
        const rows = csvRows(heavy, upload.pieces, signal ?? new AbortController().signal, (names) => {
          columns = names
        })
        const { table, rows: count, madeTable } = await tables.addAll(input.name, rows, () => columns)
        return { id: table.id, name: table.name, rows: count, madeTable }
      }),
    ),

    exportCsv: procedures.tables.exportCsv.handler(async ({ input: { id, after }, errors }) => {
      const table = await findTable(reader, id)
      if (table === undefined || table.removedAt !== null)
        throw errors.NOT_FOUND({ message: 'This table was deleted.' })
      const rows = await findRowsAfter(reader, id, after, EXPORTED)
      const columns = shownColumns(table.columns)
      const { exactCsvLines } = await import('../connectors/csv/csv-lines.ts')
      const head = after === 0 ? [columns.map(({ column }) => column.name)] : []
      const lines = rows.map(({ cells }) => columns.map(({ place }) => cells[place] ?? null))
      return {
        text: exactCsvLines([...head, ...lines]),
        next: rows.length < EXPORTED ? null : (rows.at(-1)?.id ?? null),
      }
    }),
  }
}

const wanted = ({
  width,
  choices,
  ...column
}: {
  id?: number | undefined
  name: string
  type: WantedColumn['type']
  choices: string[]
  width: number | null
}): WantedColumn => ({
  ...column,
  choices,
  ...(width !== null && { width }),
})

function rowView({ id, cells, createdAt, changedAt, by }: DataRow): TableRow {
  const filled = cells.flatMap((value, place) => (value === null ? [] : [[String(place), value] as const]))
  return { id, cells: Object.fromEntries(filled), createdAt: toIso(createdAt), changedAt: toIso(changedAt), by }
}

function editOf(edit: TableEdit): RowEdit {
  if (edit.do === 'remove') return edit
  const cells = new Map(Object.entries(edit.cells).map(([place, value]) => [Number(place), value]))
  return { ...edit, cells }
}

function editView(edit: RowEdit): TableEdit {
  if (edit.do === 'remove') return edit
  return { ...edit, cells: Object.fromEntries([...edit.cells].map(([place, value]) => [String(place), value])) }
}

/** What a zap does with a table, by what stands in its steps; undefined for nothing. */
function useOf({ steps }: ZapFile, table: DataTable): Omit<TableUse, 'zapId' | 'name' | 'enabled'> | undefined {
  const names = new Set([tableKey(table.name), ...table.former])
  const own = steps.filter(
    ({ uses, input }) =>
      uses.startsWith('table.') && typeof input.table === 'string' && names.has(tableKey(input.table)),
  )
  if (own.length === 0) return undefined
  const uses = new Set(own.map((step) => step.uses))
  return {
    reads: uses.has('table.find'),
    starts: uses.has('table.changed'),
    writes: ['table.add', 'table.update', 'table.upsert', 'table.delete'].some((id) => uses.has(id)),
  }
}

const factsSchema = z.object({ columns: z.array(z.string()) })

/** The rows of a CSV file, some at a time, as a thread reads them; the names of its columns when all were read. */
async function* csvRows(
  heavy: TableServices['heavy'],
  pieces: readonly Uint8Array[],
  signal: AbortSignal,
  found: (columns: readonly string[]) => void,
): AsyncIterable<JsonObject[]> {
  async function* content() {
    yield* pieces
  }
  const options = { delimiter: 'auto', header: true, types: true, quotes: true }
  for await (const piece of heavy.run('csv.parse', content(), options, signal)) {
    if (typeof piece !== 'string') {
      found(factsSchema.parse(JSON.parse(Buffer.from(piece).toString('utf8'))).columns)
      continue
    }
    // Each piece is some rows of one list, whose brackets and commas stand at their ends.
    const list: Json = JSON.parse(`[${piece.replace(/^[[,]/, '').replace(/\]$/, '')}]`)
    const rows = isJsonList(list) ? list.filter(isJsonObject) : []
    for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH)
  }
}
