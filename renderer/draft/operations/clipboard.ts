import { z } from 'zod'
import { edgeSchema, stepSchema, ZAP_FORMAT, type ZapFile, zapFileSchema } from '../../../core/domain/zap/zap-file.ts'
import type { StepGroup } from './insert-steps.ts'

const groupSchema = z.object({ steps: z.array(stepSchema).min(1), edges: z.array(edgeSchema).default([]) })

/** Steps as text for the clipboard: a zap file, which may be pasted into another zap, a chat or an import. */
export function groupAsText(group: StepGroup): string {
  return JSON.stringify({ format: ZAP_FORMAT, name: 'Copied steps', ...group }, null, 2)
}

/** The steps that a pasted text holds; null for any other text. */
export function groupFromText(text: string): StepGroup | null {
  // Spaces, and the byte order mark of a file that was copied whole.
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return null
  let value: unknown
  try {
    value = JSON.parse(trimmed)
  } catch {
    return null
  }
  const file = zapFileSchema.safeParse(value)
  if (file.success) return isEmpty(file.data) ? null : file.data
  const group = groupSchema.safeParse(value)
  return group.success ? group.data : null
}

function isEmpty({ steps, notes = [], groups = [] }: ZapFile): boolean {
  return steps.length + notes.length + groups.length === 0
}
