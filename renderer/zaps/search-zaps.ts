import type { ZapSummary } from '../../core/contract/values.ts'

/** Whether every word of the search occurs in what the list shows of a zap: name, trigger or steps. */
export function matchesSearch(zap: ZapSummary, search: string): boolean {
  const text = [zap.name, zap.triggerSummary, ...zap.uses].join('\n').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
