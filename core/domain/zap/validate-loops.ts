import { stepName } from './field-subject.ts'
import { bodyLeft } from './loops.ts'
import type { Problem } from './problem.ts'
import type { ZapDraft } from './zap-draft.ts'
import { DONE_PORT, EACH_PORT, type Edge, portOf } from './zap-file.ts'

/** What is wrong with the bodies of a zap's loops: connections that lead in or out past the loop, and loops that have none. */
export function loopProblems(draft: ZapDraft): Problem[] {
  return [...crossingProblems(draft), ...emptyLoopProblems(draft)]
}

function crossingProblems(draft: ZapDraft): Problem[] {
  return draft.bodies.crossings.flatMap((index): Problem[] => {
    const edge = draft.file.edges[index]
    if (edge === undefined) return []
    const message = `The connection ${edge.from} → ${edge.to} ${crossingWords(edge, draft)}`
    return [{ severity: 'structure', code: 'crosses-loop', step: edge.to, field: `edges.${index}.to`, message }]
  })
}

function crossingWords(edge: Edge, { steps, bodies }: ZapDraft): string {
  const nameOf = (id: string): string => stepName(steps.get(id) ?? { id })
  const from = nameOf(edge.from)
  const to = nameOf(edge.to)
  // What hangs on the port `each` lies in the body of the loop that it leaves.
  const begun = portOf(edge) === EACH_PORT ? bodies.ofLoop(edge.from) : undefined
  const inside = begun ?? bodies.of(edge.from)
  const left = bodyLeft(inside, bodies.of(edge.to))
  if (left !== null) {
    const loop = nameOf(left.loop)
    const what = begun === left ? `what hangs on its port "${EACH_PORT}"` : from
    return `leads out of the loop ${loop}: ${what} runs in each of its rounds, and ${to} runs outside of them. Connect ${to} to the port "${DONE_PORT}" of ${loop} instead.`
  }
  const entered = bodyLeft(bodies.of(edge.to), inside)?.loop ?? edge.to
  if (entered === edge.from) {
    return `leads from the loop ${from} into its own rounds; let it leave the port "${EACH_PORT}" instead, or remove it.`
  }
  const loop = nameOf(entered)
  return `leads into the loop ${loop}: ${to} runs in each of its rounds, and ${from} runs outside of them. Connect ${from} to ${loop} itself, or ${to} to its port "${DONE_PORT}" instead.`
}

function emptyLoopProblems({ file, infoOf }: ZapDraft): Problem[] {
  const withBody = new Set(file.edges.filter((edge) => portOf(edge) === EACH_PORT).map((edge) => edge.from))
  return file.steps
    .filter((step) => infoOf(step)?.isLoop === true && !withBody.has(step.id))
    .map((step) => ({
      severity: 'field',
      code: 'empty-loop',
      step: step.id,
      field: null,
      message: `Nothing hangs on the port "${EACH_PORT}" of the loop ${stepName(step)}; connect the steps that each round runs, or remove it.`,
    }))
}
