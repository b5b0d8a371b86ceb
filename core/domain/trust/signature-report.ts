import { z } from 'zod'

/** One step of the check of a signature, in the order in which they were made. */
const signatureCheckSchema = z.object({
  title: z.string(),
  /** `seen`: neither right nor wrong, but part of the calculation. */
  result: z.enum(['passed', 'failed', 'seen']),
  text: z.string(),
  /** What the computers compare, letter by letter. Nothing in it is a secret, or lets anybody sign. */
  values: z.array(z.object({ label: z.string(), text: z.string() })),
})
export type SignatureCheck = z.infer<typeof signatureCheckSchema>

/** Why a request was not believed, step by step. The inbox keeps it with the request. */
export const signatureReportSchema = z.object({
  /** The scheme that the webhook asks for. */
  scheme: z.string(),
  checks: z.array(signatureCheckSchema),
  /** What is most likely wrong, and what to do about it; null when there is no telling. */
  hint: z.string().nullable(),
})
export type SignatureReport = z.infer<typeof signatureReportSchema>
