import { readFile } from 'node:fs/promises'
import { type Json, jsonSchema } from '../../core/contract/values.ts'
import { CommandError } from './context.ts'

/** Reads what an option such as `--input` was given: JSON, or `@FILE` with JSON in it. */
export async function readJson(option: string, text: string): Promise<Json> {
  const source = text.startsWith('@') ? await readInputFile(text.slice(1)) : text
  try {
    return jsonSchema.parse(JSON.parse(source))
  } catch (error) {
    throw new CommandError(`${option} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export async function readInputFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new CommandError(`${file} cannot be read: check its path and permissions.`)
  })
}
