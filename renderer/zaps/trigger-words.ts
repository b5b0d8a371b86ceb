import { cronInWords, everyInWords } from '../../core/domain/time/schedule-in-words.ts'

const WEBHOOK = /^([A-Z]+(?:\/[A-Z]+)*) (\/\S+)$/
const EVERY = 'every '

/** What starts a zap, ready to be set: the address of a webhook in its two parts, or a sentence. */
export type TriggerWords = { readonly method: string; readonly path: string } | { readonly words: string }

/** Reads the host's summary (`POST /hooks/orders`, `0 9 * * 1-5`, `every 45m`); what it does not know it leaves as it is. */
export function triggerWords(summary: string): TriggerWords {
  const [, method, path] = WEBHOOK.exec(summary) ?? []
  if (method !== undefined && path !== undefined) return { method, path }
  // Of several triggers, each is put into words.
  const words = summary
    .split(', ')
    .map((one) => (one.startsWith(EVERY) ? everyInWords(one.slice(EVERY.length)) : cronInWords(one)))
    .join(', ')
  return { words: words.charAt(0).toUpperCase() + words.slice(1) }
}
