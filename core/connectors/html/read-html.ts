import { type Cheerio, type CheerioAPI, load } from 'cheerio'
import type { AnyNode } from 'domhandler'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { decodeWhole } from '../kit/decode-pieces.ts'
import { htmlFieldSchema } from './html-field.ts'

const optionsSchema = z.object({ each: z.string().optional(), fields: z.record(z.string(), htmlFieldSchema) })
type Field = z.output<typeof htmlFieldSchema>

/** Takes fields out of HTML, which is read as browsers read it, by CSS selectors. Scripts in it are text and never run. */
export const readHtml: HeavyTask = async function* (content, given) {
  const { each, fields } = optionsSchema.parse(given)
  const $ = load(await decodeWhole(content))
  if (each === undefined) {
    yield JSON.stringify(take($, $.root(), fields))
    return
  }
  const items = find($.root(), each, 'each')
    .toArray()
    .map((element) => take($, $(element), fields))
  yield JSON.stringify({ items, count: items.length })
}

function take($: CheerioAPI, within: Cheerio<AnyNode>, fields: Readonly<Record<string, Field>>): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      // A selector that names the thing itself finds it, not only what is in it.
      const inner = find(within, field.selector, `fields.${name}`)
      const found = inner.length > 0 ? inner : within.filter(field.selector)
      const values = found.toArray().map((element) => taken($(element), field))
      return [name, field.all ? values : (values[0] ?? null)]
    }),
  )
}

function taken(element: Cheerio<AnyNode>, { take: what, attribute }: Field): string | null {
  if (what === 'html') return element.html()
  if (what === 'attribute') return element.attr(attribute ?? '') ?? null
  return element.text().replace(/\s+/g, ' ').trim()
}

function find(within: Cheerio<AnyNode>, selector: string, field: string): Cheerio<AnyNode> {
  try {
    return within.find(selector)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `"${field}" has the selector ${JSON.stringify(selector)}, which is none: ${why}.`
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
  }
}
