import type { ApiOperation } from '../../../core/contract/app-values.ts'
import type { StepPreset } from './insert-steps.ts'

/** Which connectors a step of an operation may be of: the first is what it is by itself. */
export function connectorsOf({ isEvent, canPoll }: Pick<ApiOperation, 'isEvent' | 'canPoll'>): readonly string[] {
  return isEvent ? ['app.event'] : canPoll ? ['app.call', 'app.poll'] : ['app.call']
}

/** What a new step of an operation has already. */
export function presetOf({ app, key, title }: ApiOperation, credential: string | null, isEvent: boolean): StepPreset {
  return {
    name: title.slice(0, 100),
    input: {
      app: app ?? '',
      operation: isEvent ? key.replace(/^EVENT /, '') : key,
      ...(credential !== null && !isEvent && { credential: { $credential: credential } }),
    },
  }
}
