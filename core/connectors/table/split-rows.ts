import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, type Json } from '../../domain/values/json.ts'
import { readJson } from '../../domain/values/lossless-json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'
import { wordFor } from '../kit/rows.ts'

const optionsSchema = z.object({ field: z.string(), rows: z.int().min(1) })

/** Cuts the JSON of a long list into lists of some rows, each as one piece of text. */
export const splitRows: HeavyTask = async function* (content, given) {
  const { field, rows } = optionsSchema.parse(given)
  const list: Json = readJson(Buffer.from(await gather(content)).toString('utf8')).value
  if (!isJsonList(list)) {
    const message = `"${field}" takes a row, or a list of rows, but is ${wordFor(list)}.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  for (let from = 0; from < list.length; from += rows) yield JSON.stringify(list.slice(from, from + rows))
}
