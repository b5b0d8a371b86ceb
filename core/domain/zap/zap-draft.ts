import type { ConnectorInfo } from './connector-info.ts'
import type { Bodies } from './loops.ts'
import type { Step, ZapFile } from './zap-file.ts'

/** A zap that is being checked, with what is known of its shape. */
export type ZapDraft = {
  readonly file: ZapFile
  readonly steps: ReadonlyMap<string, Step>
  /** Steps that a trigger leads to, or one whose connector is unknown, as that may be a trigger. */
  readonly reached: ReadonlySet<string>
  /** Steps in topological order; those that lie in a circle, or behind one, are in `inCircles` instead. */
  readonly order: readonly string[]
  readonly inCircles: ReadonlySet<string>
  readonly bodies: Bodies
  infoOf(step: Step): ConnectorInfo | undefined
}
