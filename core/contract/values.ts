/** What the host and the screens tell each other, by what it is about. */

export { decodeText, MOST_TEXT_BYTES, TextError, tooLarge } from '../domain/decode-text.ts'
export type { HistorySettings } from '../domain/history-settings.ts'
export { exceedsDepth, type Json, jsonSchema, MAX_JSON_DEPTH } from '../domain/json.ts'
export { type LargeValueFacts, readReference } from '../domain/large-value.ts'
export { keptNumbersNote, readJson } from '../domain/lossless-json.ts'
export type { Problem } from '../domain/problem.ts'
export { sectionSchema } from '../domain/settings.ts'
export type { SignatureReport } from '../domain/signature-report.ts'
export { parseTimeBound } from '../domain/time-bound.ts'
export {
  type TunnelSettings,
  type TunnelWay,
  tunnelWaySchema,
} from '../domain/tunnel-settings.ts'
export { visibleJson, visibleLine } from '../domain/visible-text.ts'
export * from './app-events.ts'
export * from './history-values.ts'
export * from './inbox-values.ts'
export * from './outbox-values.ts'
export * from './permission-values.ts'
export * from './run-values.ts'
export * from './session-values.ts'
export * from './states.ts'
export * from './system-values.ts'
export * from './zap-values.ts'
