import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { readJson } from '../../domain/values/lossless-json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { readItems } from '../kit/json-items.ts'
import { wordFor } from '../kit/rows.ts'

const optionsSchema = z.object({ field: z.string(), rows: z.int().min(1) })

/** Cuts the JSON of a long list into lists of some rows, each as one piece of text. */
export const splitRows: HeavyTask = async function* (content, given) {
  const { field, rows } = optionsSchema.parse(given)
  const refuse = (value: Json): never => {
    const message = `"${field}" takes a row, or a list of rows, but is ${wordFor(value)}.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  let waiting: Json[] = []
  for await (const items of readItems(content, refuse, (text) => readJson(text).value)) {
    for (const item of items) {
      waiting.push(item)
      if (waiting.length < rows) continue
      yield JSON.stringify(waiting)
      waiting = []
    }
  }
  if (waiting.length > 0) yield JSON.stringify(waiting)
}
