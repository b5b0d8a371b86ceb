import { ORPCError } from '@orpc/client'
import type { Command } from 'commander'
import { z } from 'zod'
import { visibleLine } from '../../core/contract/values.ts'
import { type HostClient, NoHostError, withHost } from '../control/host-client.ts'
import { dataDirOf } from '../data-folder.ts'
import { complain, type Lines, print, printJson } from '../terminal.ts'

/** Options that every command takes. */
const commonSchema = z.object({ data: z.string().optional(), json: z.boolean().optional() })

/** What a command is done with: its answer as one JSON document and as lines of text, and whether it failed. */
export type Answer = { readonly json: unknown; readonly text: Lines; readonly isFailure?: boolean }

/** A failure with the sentence that goes to stderr, and more lines below it. */
export class CommandError extends Error {
  readonly more: readonly string[]
  constructor(message: string, more: readonly string[] = []) {
    super(message)
    this.more = more
    this.name = 'CommandError'
  }
}

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, noHost: 3 } as const

/** Adds the options that every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data folder (default: $HOOKLINE_DATA, or the platform’s application-data folder)')
    .option('--json', 'answer with one JSON document on stdout, and nothing else')
}

export type CommonOptions = { readonly dataDir: string; readonly isJson: boolean }

export function commonOptions(command: Command): CommonOptions {
  const options = commonSchema.parse(command.optsWithGlobals())
  return { dataDir: dataDirOf(options.data), isJson: options.json === true }
}

/** Runs a command that asks the running host, and prints what it answers. */
export function askHost(command: Command, work: (client: HostClient) => Promise<Answer>): Promise<void> {
  return answer(command, (options) => withHost(options.dataDir, work))
}

/** Runs a command, prints what it answers, and sets the exit code. */
export async function answer(command: Command, work: (options: CommonOptions) => Promise<Answer>): Promise<void> {
  const options = commonOptions(command)
  try {
    const result = await work(options)
    if (options.isJson) printJson(result.json)
    else print(result.text)
    process.exitCode = result.isFailure ? EXIT.failed : EXIT.done
  } catch (error) {
    complain([messageOf(error), ...(error instanceof CommandError ? error.more : [])])
    process.exitCode = error instanceof NoHostError ? EXIT.noHost : EXIT.failed
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    const issues = z.object({ issues: z.array(z.object({ message: z.string() })) }).safeParse(error.data)
    if (issues.success) return issues.data.issues.map((issue) => issue.message).join(' ')
  }
  return error instanceof Error ? error.message : String(error)
}

/** Rows as lines with columns of equal width. */
export function table(cells: readonly (readonly string[])[]): string[] {
  // As they will be shown, or else the columns would not stand in line.
  const rows = cells.map((row) => row.map(visibleLine))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
