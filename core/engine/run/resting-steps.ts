import { NEVER } from '../../domain/runs/states.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { Frame } from './frame.ts'
import { stepKey } from './run-journal.ts'

/** Something that rests until a time, or until it is woken. */
export type Resting = { readonly frame: Frame; readonly stepId: string; readonly until: number; wake(): void }

/** The steps of a run that rest in one delivery of it. */
export type RestingSteps = {
  rest(step: Resting): void
  /** It will not be woken any more. */
  drop(frame: Frame, stepId: string): void
  /** When the first of them goes on. */
  soonest(): number
  /** The one that goes on first. */
  first(): Resting | undefined
  /** Lets go on those whose time has come. */
  wakeDue(): void
  /** Lets go on those that are awake for another reason. */
  wake(isAwake: (key: string) => boolean): void
}

/** `mayWake` is asked before anything goes on. */
export function createRestingSteps(clock: Clock, mayWake: (step: Resting) => boolean): RestingSteps {
  const resting = new Map<string, Resting>()

  function wakeWhere(isAwake: (key: string, step: Resting) => boolean): void {
    for (const [key, step] of [...resting]) {
      // One that goes on may end others.
      if (resting.get(key) !== step || !mayWake(step) || !isAwake(key, step)) continue
      resting.delete(key)
      step.wake()
    }
  }

  return {
    rest: (step) => resting.set(stepKey(step.frame.scope, step.stepId), step),
    drop: (frame, stepId) => resting.delete(stepKey(frame.scope, stepId)),
    soonest: () => Math.min(NEVER, ...resting.values().map((step) => step.until)),
    first: () => [...resting.values()].sort((a, b) => a.until - b.until)[0],
    wakeDue: () => wakeWhere((_key, step) => step.until <= clock.now()),
    wake: wakeWhere,
  }
}
