import { readFile } from 'node:fs/promises'
import { type Json, jsonSchema, keptNumbersNote, readJson } from '../../core/contract/values.ts'
import { printAside } from '../terminal.ts'
import { CommandError } from './context.ts'

/** Reads what an option such as `--input` was given: JSON, or `@FILE` with JSON in it. Says so where numbers of it stay text. */
export async function readJsonOption(option: string, text: string): Promise<Json> {
  const source = text.startsWith('@') ? await readInputFile(text.slice(1)) : text
  try {
    const { value, kept } = readJson(source)
    if (kept !== null) printAside(`${option}: ${keptNumbersNote(kept)}`)
    return jsonSchema.parse(value)
  } catch (error) {
    throw new CommandError(`${option} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export async function readInputFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new CommandError(`${file} cannot be read: check its path and permissions.`)
  })
}
