import { z } from 'zod'

/** When something is an incident. */
export const incidentSettingsSchema = z.object({
  /** Minutes that something may be due without having begun, or fail again and again, before it is an incident; a week at most. */
  stuckAfterMinutes: z.int().min(1).max(10_080),
})
export type IncidentSettings = z.output<typeof incidentSettingsSchema>

export const DEFAULT_INCIDENTS: IncidentSettings = { stuckAfterMinutes: 15 }
