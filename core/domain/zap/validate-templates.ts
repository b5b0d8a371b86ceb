import { templateRoots } from '../templates/template.ts'
import { ASKING_STEP, answerLinksIn } from './answer-links.ts'
import { fieldSubject, stepName } from './field-subject.ts'
import { bodyLeft, isWithin } from './loops.ts'
import type { Problem } from './problem.ts'
import { createUpstream } from './upstream.ts'
import type { ZapDraft } from './zap-draft.ts'
import { EACH_PORT, type Step, TEMPLATE_ROOTS } from './zap-file.ts'

/** Templates that cannot be read, and those that read what is not there when their step runs. */
export function templateProblems(draft: ZapDraft): Problem[] {
  const { file, steps, reached } = draft
  const reasonAgainst = createReasons(draft)
  const problems: Problem[] = []
  for (const step of file.steps) {
    const { bodyField = null, itemFields = [], verbatim = [] } = draft.infoOf(step) ?? {}
    for (const found of templateRoots(step.input)) {
      if (verbatim.some((name) => name === found.path[0])) continue
      const field = ['input', ...found.path].join('.')
      const place = fieldSubject(found.path, step)
      const add = (severity: Problem['severity'], code: string, message: string) =>
        problems.push({ severity, code, step: step.id, field, message })
      if (found.error !== undefined) add('structure', 'template-syntax', `${place}: ${found.error}`)
      for (const id of found.roots.includes('run') ? answerLinksIn(found.text) : []) {
        if (steps.get(id)?.uses === ASKING_STEP) continue
        const why = steps.has(id) ? 'which asks no person' : 'but no step has that id; correct the name'
        add('structure', 'template-root', `${place} reads the link to answer "${id}", ${why}.`)
      }
      const ofItem = itemFields.some((name) => name === found.path[0])
      for (const root of found.roots) {
        if (ofItem && isOfRound(root)) continue
        const reason = reasonAgainst(step, root, bodyField !== null && found.path[0] === bodyField)
        if (reason === undefined) continue
        // A step that is not connected yet has nothing before it; its template may well be right.
        const isUnfinished = (steps.has(root) || isOfRound(root)) && !reached.has(step.id)
        add(isUnfinished ? 'field' : 'structure', 'template-root', `${place} reads "${root}", ${reason}.`)
      }
    }
  }
  return problems
}

/** Why a step's template cannot read a word, as the end of a sentence; undefined when it can. */
type Reasons = (step: Step, root: string, seesItsBody: boolean) => string | undefined

function createReasons({ file, steps, order, inCircles, bodies, infoOf }: ZapDraft): Reasons {
  const upstream = createUpstream(order, file.edges)
  return (step, root, seesItsBody) => {
    if (infoOf(step)?.kind === 'trigger') {
      return root === step.id ? undefined : `but a trigger can read only its own event, as "${step.id}"`
    }
    const ownBody = bodies.ofLoop(step.id)
    const place = bodies.of(step.id)
    if (isOfRound(root)) {
      if (place !== null || seesItsBody || inCircles.has(step.id)) return undefined
      return `which exists only behind the port "${EACH_PORT}" of a loop; read another value`
    }
    if (TEMPLATE_ROOTS.some((word) => word === root)) return undefined
    const target = steps.get(root)
    if (target === undefined) return 'but no step has that id; correct the name'
    // What lies in a circle has no order; the circle is told already.
    if (inCircles.has(step.id)) return undefined
    if (root === step.id) return 'which is its own output; read an earlier step'
    const body = bodies.of(root)
    const readsBody = ownBody !== undefined && isWithin(body, ownBody)
    if (readsBody && !seesItsBody) return 'which runs only after that, in the rounds of this loop; read an earlier step'
    if (!readsBody && !upstream.of(step.id).has(root)) {
      return 'which does not run before it; connect the two or read another step'
    }
    const around = bodies.ofLoop(root)
    if (around !== undefined && isWithin(place, around)) {
      return 'which has no output before all of its rounds are over; read "item" or an earlier step'
    }
    const left = bodyLeft(body, readsBody ? ownBody : place)
    if (left === null) return undefined
    const loop = stepName(steps.get(left.loop) ?? { id: left.loop })
    return `which runs in each round of the loop ${loop}; read what they gave as {{ ${resultOf(left.loop)} }} instead`
  }

  /** Where the output of a loop has what its rounds gave. */
  function resultOf(loop: string): string {
    const step = steps.get(loop)
    const judgesItsBody = step !== undefined && infoOf(step)?.bodyField !== null
    return `${loop}.${judgesItsBody ? 'last' : 'results'}`
  }
}

function isOfRound(root: string): boolean {
  return root === 'item' || root === 'index'
}
