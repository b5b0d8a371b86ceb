import { StepError } from '../../domain/runs/step-error.ts'
import { hostZone, zoneOf } from '../../domain/time/zone.ts'
import type { ComputeTools } from '../action-context.ts'

/**
 * The time zone that a step goes by: the one that it is given, else its zap's, else this computer's.
 *
 * @throws StepError `bad-input` for a name that is none.
 */
export function zoneFor({ render }: Pick<ComputeTools, 'render'>, wanted?: string | undefined): string {
  const ofZap = render('{{ zap.timezone }}', { missing: 'undefined' })
  const name = (wanted?.trim() || undefined) ?? (typeof ofZap === 'string' && ofZap !== '' ? ofZap : hostZone())
  try {
    return zoneOf(name).name
  } catch {
    const message = `“${name.slice(0, 60)}” is not a known time zone, such as Europe/Berlin.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
}
