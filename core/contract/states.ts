import { z } from 'zod'
import { RUN_STATES, STEP_STATES, WAITS } from '../domain/states.ts'

/** A moment as ISO 8601 in UTC, such as `2026-11-24T09:00:00.000Z`. */
export const timeSchema = z.iso.datetime()

export const runStateSchema = z.enum(RUN_STATES)
export const stepStateSchema = z.enum(STEP_STATES)
/** What a run or step waits for: as the engine says it, or `pause` for a test that stands still until a person lets it go on. */
export const waitSchema = z.enum([...WAITS, 'pause'])
export type WaitFor = z.infer<typeof waitSchema>
