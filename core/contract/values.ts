/** What the host and the screens tell each other, by what it is about. */

export { type Opened, type ShellState, THEMES } from '../domain/host/shell.ts'
export type { HistorySettings } from '../domain/settings/history-settings.ts'
export { sectionSchema } from '../domain/settings/settings.ts'
export {
  type TunnelSettings,
  type TunnelWay,
  tunnelWaySchema,
} from '../domain/settings/tunnel-settings.ts'
export { parseTimeBound } from '../domain/time/time-bound.ts'
export type { SignatureReport } from '../domain/trust/signature-report.ts'
export { decodeText, MOST_TEXT_BYTES, TextError, tooLarge } from '../domain/values/decode-text.ts'
export { exceedsDepth, type Json, jsonSchema, MAX_JSON_DEPTH } from '../domain/values/json.ts'
export { type LargeValueFacts, readReference } from '../domain/values/large-value.ts'
export { keptNumbersNote, readJson } from '../domain/values/lossless-json.ts'
export { visibleJson, visibleLine } from '../domain/values/visible-text.ts'
export type { Problem } from '../domain/zap/problem.ts'
export * from './app-events.ts'
export * from './history-values.ts'
export * from './inbox-values.ts'
export * from './outbox-values.ts'
export * from './permission-values.ts'
export * from './run-values.ts'
export * from './session-values.ts'
export * from './states.ts'
export * from './system-values.ts'
export * from './table-values.ts'
export * from './zap-values.ts'
