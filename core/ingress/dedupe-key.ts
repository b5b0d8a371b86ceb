import { parseTemplate, type TemplateScope } from '../domain/templates/template.ts'

/** Headers in which senders name an event, the same on every repeat. The first that is present counts. */
const ID_HEADERS = [
  'webhook-id',
  'svix-id',
  'x-github-delivery',
  'x-shopify-webhook-id',
  'x-razorpay-event-id',
  'x-gitlab-event-uuid',
  'i-twilio-idempotency-token',
  'idempotency-key',
  'x-idempotency-key',
] as const

/** Longer keys would bloat the index; no sender has such. */
const MAX_LENGTH = 500

/**
 * The sender's own word for an event: from the user's template, or else from the well-known headers. Never a hash of the body,
 * since two orders may be alike. Null when there is none, and then every request is an event of its own.
 */
export function dedupeKeyOf(
  template: string | null,
  scope: TemplateScope,
  headers: Readonly<Record<string, string>>,
): { key: string | null; note: string | null } {
  if (template === null) {
    const name = ID_HEADERS.find((header) => headers[header])
    if (name !== undefined) return { key: cap(`${name}:${headers[name]}`), note: null }
    // CloudEvents: an id is only one's own together with its source.
    const { 'ce-id': id, 'ce-source': source } = headers
    return { key: id && source ? cap(`ce-id:${source} ${id}`) : null, note: null }
  }
  try {
    const value = parseTemplate(template).render(scope)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text === '' || value === null ? { key: null, note: null } : { key: cap(text), note: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { key: null, note: `The dedupe key could not be read, so this request counts as new: ${why}` }
  }
}

const cap = (key: string): string => key.slice(0, MAX_LENGTH)
