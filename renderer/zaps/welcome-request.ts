import type { JsonObject } from '../../core/domain/values/json.ts'

const ORDER = { name: 'Ada', amount: 75 }
const HEADERS = { 'content-type': 'application/json' }

/** The line that fires the welcome zap from a terminal. */
export function welcomeCurl(address: string): string {
  return `curl -X POST -H 'content-type: application/json' -d '${JSON.stringify(ORDER)}' ${address}`
}

/** The same request as the webhook trigger would have taken it. */
export function welcomeRequest(now: Date): JsonObject {
  return {
    method: 'POST',
    path: 'welcome',
    query: {},
    headers: HEADERS,
    body: ORDER,
    receivedAt: now.toISOString(),
    remoteAddress: '127.0.0.1',
  }
}
