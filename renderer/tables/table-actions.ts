import type { TableColumns, TableSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'
import { saveAsFile } from '../zaps/save-as-file.ts'

const reload = (): Promise<void> => cache.invalidateQueries({ queryKey: queries.tables.list.key() })

/** Does something with tables and reads their list again. Resolves with null when it failed, which was said then. */
async function doing<Result>(title: string, work: () => Promise<Result>): Promise<Result | null> {
  try {
    const result = await work()
    await reload()
    return result
  } catch (error) {
    toast({ tone: 'error', title, detail: describeFailure(error).message })
    return null
  }
}

/** What a new table begins with. */
const BEGIN: TableColumns = [
  { name: 'Name', type: 'text' },
  { name: 'Status', type: 'choice', choices: ['Open', 'Done'] },
  { name: 'Notes', type: 'text' },
]

export const createTable = (name: string): Promise<TableSummary | null> =>
  doing('The table could not be made', () => api.tables.create({ name, columns: BEGIN }))

export const renameTable = (id: number, name: string): Promise<TableSummary | null> =>
  doing('The table could not be renamed', () => api.tables.rename({ id, name }))

/** Takes a table away, with a way back. */
export async function removeTable({ id, name, uses }: TableSummary): Promise<void> {
  const done = await doing('The table could not be deleted', () => api.tables.remove({ id }))
  if (done === null) return
  toast({
    title: `“${name}” deleted`,
    detail:
      uses.length === 0 ? 'It is kept for 30 days.' : `${uses.map((use) => use.name).join(', ')} will fail without it.`,
    action: {
      label: 'Undo',
      onClick: () => void doing('The table could not be brought back', () => api.tables.restore({ id })),
    },
  })
}

/** The columns of a table as they are sent back. */
export const columnsOf = ({ columns }: TableSummary): TableColumns =>
  columns.map(({ id, name, type, choices, width }) => ({ id, name, type, choices, width }))

/** Sets the columns of a table. With `said`, a way back is offered. */
export async function setColumns(table: TableSummary, columns: TableColumns, said?: string): Promise<boolean> {
  const set = (next: TableColumns) =>
    doing('The columns could not be changed', () => api.tables.setColumns({ id: table.id, columns: next }))
  if ((await set(columns)) === null) return false
  if (said !== undefined) toast({ title: said, action: { label: 'Undo', onClick: () => void set(columnsOf(table)) } })
  return true
}

/** Bytes of a file that go to the host at once. */
const PIECE = 524_288

/** Adds the rows of a CSV file to a table, which is made when there is none of that name. */
export async function importCsv(file: File, name: string, told: (share: number) => void): Promise<number | null> {
  const upload = crypto.randomUUID()
  const made = await doing('The file could not be imported', async () => {
    for (let at = 0; at === 0 || at * PIECE < file.size; at++) {
      const bytes = new Uint8Array(await file.slice(at * PIECE, (at + 1) * PIECE).arrayBuffer())
      await api.tables.importPiece({ upload, at, piece: base64(bytes) })
      told(Math.min(1, ((at + 1) * PIECE) / file.size))
    }
    return api.tables.importCsv({ upload, name })
  })
  if (made === null) return null
  const rows = `${made.rows.toLocaleString()} ${made.rows === 1 ? 'row' : 'rows'}`
  toast({
    tone: 'success',
    title: made.madeTable ? `“${made.name}” made, with ${rows}` : `${rows} added to “${made.name}”`,
  })
  await cache.invalidateQueries({ queryKey: queries.tables.rows.key({ input: { id: made.id } }) })
  return made.id
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}

/** Downloads a table as CSV. */
export function exportCsv({ id, name }: TableSummary): Promise<unknown> {
  return doing('The table could not be exported', async () => {
    let text = ''
    for (let after: number | null = 0; after !== null; ) {
      const part: { text: string; next: number | null } = await api.tables.exportCsv({ id, after })
      text += part.text
      after = part.next
    }
    saveAsFile(`${name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_')}.csv`, text, 'text/csv')
  })
}
