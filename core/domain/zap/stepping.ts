import { z } from 'zod'

/** `every-step` stops before each step; `breakpoints` only before those that somebody marked. */
export const PAUSES = ['every-step', 'breakpoints'] as const

/** How a test of a draft is stepped through: where it stops and waits for a person's word. */
export const steppingSchema = z.object({
  pauses: z.enum(PAUSES),
  /** Ids of the marked steps. */
  breakpoints: z.array(z.string()).max(10_000),
})
export type Stepping = z.infer<typeof steppingSchema>

/** Whether a test stops before a step that it has not begun. */
export function stopsBefore({ pauses, breakpoints }: Stepping, stepId: string): boolean {
  return pauses === 'every-step' || breakpoints.includes(stepId)
}

/**
 * Where an output came from that a test took instead of running its step: `pinned` to the step, `given` by whoever asked for the test, or
 * the newest that was known, of a `run`, an `event`, or the `connector`'s own example.
 */
export const GIVEN_FROM = ['pinned', 'given', 'run', 'event', 'connector'] as const
export const givenFromSchema = z.enum(GIVEN_FROM)
export type GivenFrom = z.infer<typeof givenFromSchema>
