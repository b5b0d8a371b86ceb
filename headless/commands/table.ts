import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Json, TableSummary } from '../../core/contract/values.ts'
import { visibleJson } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { askHost, CommandError, table } from './context.ts'

/** Bytes of a file that go to the host at once. */
const PIECE = 1_048_576
/** Rows that are printed where nothing else was said, and asked for at once. */
const SHOWN = 20
const PAGE = 500
/** Characters of a cell that are printed. */
const CELL = 60

/** `hookline table`. */
export function addTableCommands(program: Command, add: (command: Command) => Command): void {
  const group = program.command('table').description('list, show, import and export tables')

  add(group.command('list'))
    .description('list every table, with the zaps that use it')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const tables = await client.tables.list()
        const rows = tables.map(({ name, rows: count, columns, uses }) => [
          name,
          String(count),
          columns
            .map((column) => column.name)
            .join(', ')
            .slice(0, CELL),
          uses
            .map((use) => use.name)
            .join(', ')
            .slice(0, CELL),
        ])
        return { json: { tables }, text: table([['NAME', 'ROWS', 'COLUMNS', 'ZAPS'], ...rows]) }
      }),
    )

  add(group.command('show'))
    .description('print the rows of a table')
    .argument('<name>')
    .option('--limit <n>', 'rows at most', String(SHOWN))
    .action((name: string, options: { limit: string }, command: Command) =>
      askHost(command, async (client) => {
        const found = await find(client, name)
        const limit = /^\d{1,7}$/.test(options.limit) ? Number(options.limit) : SHOWN
        const rows = await rowsOf(client, found, limit)
        const left = found.rows - rows.length
        const names = found.columns.map((column) => column.name)
        const text = table([names, ...rows.map((row) => names.map((column) => shown(row[column] ?? null)))])
        const facts = { id: found.id, name: found.name, rows: found.rows, columns: found.columns }
        return {
          json: { table: facts, rows, count: rows.length },
          text: left > 0 ? [...text, `… and ${left} more (--limit ${found.rows})`] : text,
        }
      }),
    )

  add(group.command('import'))
    .description('add the rows of a CSV file to a table, which is made when there is none of that name')
    .argument('<name>')
    .argument('<file>', 'a CSV file whose first row has the names of the columns')
    .action((name: string, file: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const upload = randomUUID()
        await send(client, upload, resolve(file))
        const made = await client.tables.importCsv({ upload, name })
        return {
          json: { table: made },
          text: `${made.madeTable ? 'Made the table' : 'Added to the table'} “${made.name}”: ${made.rows} rows.`,
        }
      }),
    )

  add(group.command('export'))
    .description('write a table to a CSV file')
    .argument('<name>')
    .argument('<file>', 'is replaced when it is there')
    .action((name: string, file: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const found = await find(client, name)
        const bytes = await write(client, found.id, resolve(file))
        return {
          json: { table: { id: found.id, name: found.name, rows: found.rows }, file: resolve(file), bytes },
          text: `Wrote ${found.rows} rows of “${found.name}” to ${resolve(file)} (${bytes} bytes).`,
        }
      }),
    )
}

async function find(client: HostClient, name: string): Promise<TableSummary> {
  const tables = await client.tables.list()
  const wanted = name.trim().normalize('NFC').toLowerCase()
  const found = tables.find((one) => one.name.toLowerCase() === wanted)
  if (found !== undefined) return found
  const names = tables.map((one) => one.name).slice(0, 20)
  throw new CommandError(
    `There is no table "${name}"${names.length === 0 ? ': no table was made yet.' : `; there are ${names.join(', ')}.`}`,
  )
}

async function rowsOf(
  client: HostClient,
  { id, columns }: TableSummary,
  limit: number,
): Promise<Record<string, Json>[]> {
  const rows: Record<string, Json>[] = []
  while (rows.length < limit) {
    const wanted = Math.min(PAGE, limit - rows.length)
    const page = await client.tables.rows({ id, offset: rows.length, limit: wanted })
    for (const { cells } of page.rows) {
      rows.push(Object.fromEntries(columns.map((column) => [column.name, cells[String(column.id)] ?? null])))
    }
    if (page.rows.length < wanted) break
  }
  return rows
}

function shown(value: Json): string {
  const text = value === null ? '' : typeof value === 'object' ? visibleJson(value) : String(value)
  return text.length > CELL ? `${text.slice(0, CELL - 1)}…` : text
}

/** Sends a file to the host, piece by piece. */
async function send(client: HostClient, upload: string, path: string): Promise<void> {
  const file = await open(path).catch((error: unknown) => {
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  try {
    const buffer = Buffer.alloc(PIECE)
    for (let at = 0; ; at++) {
      const { bytesRead } = await file.read(buffer, 0, PIECE)
      if (bytesRead === 0 && at > 0) return
      await client.tables.importPiece({ upload, at, piece: buffer.subarray(0, bytesRead).toString('base64') })
      if (bytesRead === 0) return
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR')
      throw new CommandError(`${path} is a folder: name a CSV file in it.`)
    throw error
  } finally {
    await file.close()
  }
}

/** Writes a table beside its place, and puts it there when it is whole. Returns its bytes. */
async function write(client: HostClient, id: number, path: string): Promise<number> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`
  const file = await open(part, 'wx').catch((error: unknown) => {
    throw new CommandError(
      `${basename(path)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  let bytes = 0
  try {
    for (let after: number | null = 0; after !== null; ) {
      const from: number = after
      const piece: { text: string; next: number | null } = await client.tables.exportCsv({ id, after: from })
      bytes += (await file.write(piece.text)).bytesWritten
      after = piece.next
    }
    await file.sync()
    await file.close()
    await rename(part, path)
    return bytes
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(part, { force: true })
    throw error
  }
}
