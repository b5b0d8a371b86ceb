import { z } from 'zod'
import type { Touch } from '../../domain/trust/permissions.ts'
import { namedTouch } from '../../domain/trust/touches.ts'
import { isJsonList, type Json } from '../../domain/values/json.ts'

/** The field of zaps that a trigger watches. */
export const watchedZaps = z
  .array(z.string().min(1))
  .optional()
  .meta({
    title: 'Zaps',
    description: 'Those that are watched. Without any, all but this one.',
    ui: { widget: 'zaps' },
  })

/** What such a trigger touches: the zaps that it names, or all. */
export function watchedTouches(zaps: Json | undefined): readonly Touch[] {
  const named = zaps !== undefined && isJsonList(zaps) ? zaps : []
  return named.length === 0 ? [{ kind: 'failures', what: '*' }] : named.flatMap((zap) => namedTouch('failures', zap))
}
