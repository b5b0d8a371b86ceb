/** Headers by which well-known senders give themselves away, the surest first. Names are lower case. */
const SIGNS: readonly (readonly [header: string, sender: string])[] = [
  ['x-github-event', 'GitHub'],
  ['stripe-signature', 'Stripe'],
  ['x-slack-signature', 'Slack'],
  ['x-shopify-topic', 'Shopify'],
  ['x-razorpay-signature', 'Razorpay'],
  ['x-twilio-signature', 'Twilio'],
  ['x-zm-signature', 'Zoom'],
  ['x-gitlab-event', 'GitLab'],
  ['x-hub-signature-256', 'Meta'],
  ['svix-id', 'Svix'],
  ['svix-signature', 'Svix'],
  ['webhook-id', 'Standard Webhooks'],
  ['webhook-signature', 'Standard Webhooks'],
  ['webhook-request-origin', 'CloudEvents'],
  ['ce-specversion', 'CloudEvents'],
]

/** Programs that people test with, by how their `user-agent` begins. */
const PROGRAMS = ['curl', 'Wget', 'PostmanRuntime', 'HTTPie', 'insomnia'] as const

/** Who probably sent a request, from its headers (lower-case names); null when nothing tells. */
export function guessSender(headers: Readonly<Record<string, string>>): string | null {
  const sign = SIGNS.find(([header]) => headers[header] !== undefined)
  if (sign !== undefined) return sign[1]
  const agent = headers['user-agent'] ?? ''
  return PROGRAMS.find((program) => agent.toLowerCase().startsWith(program.toLowerCase())) ?? null
}
