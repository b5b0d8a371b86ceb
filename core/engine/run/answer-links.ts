import { ASKING_STEP } from '../../domain/zap/answer-links.ts'
import type { CompiledStep, CompiledZap } from '../../domain/zap/graph.ts'
import type { AnswerLink } from '../step-services.ts'
import type { Frame } from './frame.ts'

const asking = new WeakMap<CompiledZap, readonly CompiledStep[]>()

/** The steps of a zap that ask a person. */
export function askingSteps(zap: CompiledZap): readonly CompiledStep[] {
  const known = asking.get(zap)
  if (known !== undefined) return known
  const found = [...zap.steps.values()].filter(({ step }) => step.uses === ASKING_STEP)
  asking.set(zap, found)
  return found
}

/**
 * What templates of a frame read as `run.approval`: the links of all questions that are asked once in it. They are there before a question is
 * asked, so that a step can send one on its way, and are made when one is read.
 */
export function answerLinks(zap: CompiledZap, frame: Frame, runId: string, link: AnswerLink): object {
  const rounds = frame.scope === '' ? [] : frame.scope.split('.')
  const around = loopsAround(frame)
  const links = {}
  for (const { step, loops } of askingSteps(zap)) {
    if (!loops.every((loop, at) => loop === around[at])) continue
    const scope = rounds.slice(0, loops.length).join('.')
    Object.defineProperty(links, step.id, {
      enumerable: true,
      get: () => link({ runId, stepId: step.id, scope }),
    })
  }
  return links
}

function loopsAround({ loop }: Frame): readonly string[] {
  return loop === null ? [] : [...loopsAround(loop.frame), loop.stepId]
}
