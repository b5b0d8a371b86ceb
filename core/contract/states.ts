import { z } from 'zod'
import { RUN_STATES, SHOWN_RUN_STATES, STEP_STATES, WAITS } from '../domain/runs/states.ts'

/** A moment as ISO 8601 in UTC, such as `2026-11-24T09:00:00.000Z`. */
export const timeSchema = z.iso.datetime()

export const runStateSchema = z.enum(RUN_STATES)
/** What lists call a run: `filtered` is one that succeeded without reaching an end, `replayed` one that failed or was cancelled and was run again. */
export const shownRunStateSchema = z.enum(SHOWN_RUN_STATES)
export const stepStateSchema = z.enum(STEP_STATES)
/** What a run or step waits for: as the engine says it, or `pause` for a test that stands still until a person lets it go on. */
export const waitSchema = z.enum([...WAITS, 'pause'])
export type WaitFor = z.infer<typeof waitSchema>
