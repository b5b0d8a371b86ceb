import { isJsonList, isJsonObject, type Json, textOf } from '../domain/values/json.ts'

/** Fields that are looked at: a body may name very many. */
const MOST_FIELDS = 1_000

/** The texts at a path of a JSON body, in which `[*]` is every item of a list: `value[*].clientState`. None in what is no JSON. */
export function fieldsAt(rawBody: Uint8Array, path: string): string[] {
  const body = parsed(rawBody)
  if (body === undefined) return []
  const steps = path.replaceAll('[*]', '.*').split('.')
  let found: readonly Json[] = [body]
  for (const step of steps) {
    found = found
      .flatMap((one) => {
        if (step === '*') return isJsonList(one) ? [...one] : []
        const value = isJsonObject(one) && Object.hasOwn(one, step) ? one[step] : undefined
        // What has no such field counts as one that does not fit.
        return value === undefined ? [null] : [value]
      })
      .slice(0, MOST_FIELDS)
  }
  return found.every((one) => one === null) ? [] : found.map((one) => (one === null ? '' : textOf(one)))
}

function parsed(rawBody: Uint8Array): Json | undefined {
  try {
    // What JSON.parse makes of a text is JSON.
    return JSON.parse(Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.length).toString('utf8')) as Json
  } catch {
    return undefined
  }
}
