import { cronInWords } from '../../core/domain/cron-in-words.ts'

const WEBHOOK = /^([A-Z]+(?:\/[A-Z]+)*) (\/\S+)$/
const EVERY = /^every (\d+)(s|m|h|d)$/
const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const

/** What starts a zap, ready to be set: the address of a webhook in its two parts, or a sentence. */
export type TriggerWords = { readonly method: string; readonly path: string } | { readonly words: string }

/** Reads the host's summary (`POST /hooks/orders`, `0 9 * * 1-5`, `every 45m`); what it does not know it leaves as it is. */
export function triggerWords(summary: string): TriggerWords {
  const [, method, path] = WEBHOOK.exec(summary) ?? []
  if (method !== undefined && path !== undefined) return { method, path }
  // Of several triggers, each is put into words.
  const words = summary
    .split(', ')
    .map((one) => everyInWords(one) ?? cronInWords(one))
    .join(', ')
  return { words: words.charAt(0).toUpperCase() + words.slice(1) }
}

function everyInWords(summary: string): string | undefined {
  const [, count, letter] = EVERY.exec(summary) ?? []
  if (count === undefined || (letter !== 's' && letter !== 'm' && letter !== 'h' && letter !== 'd')) return undefined
  return count === '1' ? `every ${UNITS[letter]}` : `every ${count} ${UNITS[letter]}s`
}
