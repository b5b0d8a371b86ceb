import type { ConnectorInfo, ConnectorLookup } from './connector-info.ts'
import { findCycles } from './cycles.ts'
import { fieldSubject, stepName } from './field-subject.ts'
import { reachableFrom, sortTopologically } from './graph.ts'
import { findBodies } from './loops.ts'
import type { Problem } from './problem.ts'
import { loopProblems } from './validate-loops.ts'
import { templateProblems } from './validate-templates.ts'
import type { ZapDraft } from './zap-draft.ts'
import { type Edge, ERROR_PORT, portOf, type Step, type ZapFile } from './zap-file.ts'

export { parseZapFile } from './parse-zap-file.ts'

/** Steps that a circle names at most; a longer one would fill the screen. */
const SHOWN_STEPS = 8

/**
 * Every problem that keeps a zap from being published, in the order of its steps and edges. `structure` problems also
 * keep a file from being imported. Linear in steps and edges, as drafts are checked while they are drawn.
 */
export function validateZap(file: ZapFile, lookup: ConnectorLookup): Problem[] {
  const steps = new Map<string, Step>()
  const problems: Problem[] = []
  for (const step of file.steps) {
    if (steps.has(step.id)) {
      const message = `Two steps have the id "${step.id}"; give one of them another id.`
      problems.push({ severity: 'structure', code: 'duplicate-step', step: step.id, field: 'id', message })
    } else steps.set(step.id, step)
  }
  const infos = new Map<string, ConnectorInfo | undefined>()
  for (const step of file.steps) if (!infos.has(step.uses)) infos.set(step.uses, lookup(step.uses))
  const starts = file.steps.filter((step) => infos.get(step.uses)?.kind !== 'action').map((step) => step.id)
  const reached = reachableFrom(starts, file.edges)
  const { order, rest } = sortTopologically([...steps.keys()], file.edges)
  const infoOf = (step: Step) => infos.get(step.uses)
  const isLoop = (id: string): boolean => infos.get(steps.get(id)?.uses ?? '')?.isLoop === true
  const bodies = findBodies(order, file.edges, isLoop)
  const draft: ZapDraft = { file, steps, reached, order, inCircles: new Set(rest), bodies, infoOf }
  problems.push(
    ...file.steps.flatMap((step) => connectorProblems(step, draft)),
    ...edgeProblems(draft),
    ...cycleProblems(draft),
    ...reachProblems(draft),
    ...loopProblems(draft),
    ...templateProblems(draft),
  )
  return problems
}

function connectorProblems(step: Step, draft: ZapDraft): Problem[] {
  const info = draft.infoOf(step)
  if (info === undefined) {
    const message = `The step ${stepName(step)} uses "${step.uses}", which this Hookline does not have; update Hookline or choose another connector.`
    return [{ severity: 'structure', code: 'unknown-connector', step: step.id, field: 'uses', message }]
  }
  return info.checkInput(step.input).map(({ path, message }): Problem => {
    const field = ['input', ...path].map(String).join('.')
    const sentence = `${fieldSubject(path, step)} ${withStop(message)}`
    return { severity: 'field', code: 'bad-input', step: step.id, field, message: sentence }
  })
}

function withStop(message: string): string {
  return message.endsWith('.') ? message : `${message}.`
}

function edgeProblems(draft: ZapDraft): Problem[] {
  const problems: Problem[] = []
  const known = new Set<string>()
  for (const [index, edge] of draft.file.edges.entries()) {
    const add = (code: string, step: string | null, end: string, message: string) =>
      problems.push({ severity: 'structure', code, step, field: `edges.${index}${end}`, message })
    const from = draft.steps.get(edge.from)
    const to = draft.steps.get(edge.to)
    const shown = `The connection ${edge.from} → ${edge.to}`
    if (from === undefined) {
      add('dangling-edge', null, '.from', `${shown} begins at "${edge.from}", which does not exist; remove it.`)
    } else {
      const ports = portsOf(from, draft)
      const isKnown = ports?.includes(portOf(edge)) ?? true
      if (!isKnown) add('unknown-port', from.id, '.port', unknownPort(shown, edge, from, ports ?? []))
    }
    if (to === undefined) {
      const step = from?.id ?? null
      add('dangling-edge', step, '.to', `${shown} ends at "${edge.to}", which does not exist; remove it.`)
    } else if (draft.infoOf(to)?.kind === 'trigger') {
      add('edge-into-trigger', to.id, '.to', `${shown} ends at a trigger, which only events can start; remove it.`)
    }
    const key = JSON.stringify([edge.from, portOf(edge), edge.to])
    if (known.has(key)) add('duplicate-edge', from?.id ?? null, '', `${shown} exists twice; remove one of the two.`)
    known.add(key)
  }
  return problems
}

/** Ids of a step's ports; undefined while its connector is unknown, which is told already. */
function portsOf(step: Step, draft: ZapDraft): string[] | undefined {
  const own = draft
    .infoOf(step)
    ?.ports(step)
    .map((port) => port.id)
  return own !== undefined && step.settings?.onError === 'route' ? [...own, ERROR_PORT] : own
}

function unknownPort(shown: string, edge: Edge, from: Step, ports: readonly string[]): string {
  const port = portOf(edge)
  if (port === ERROR_PORT) {
    return `${shown} leaves the port "error", which ${stepName(from)} has only when its setting "onError" is "route"; change the one or the other.`
  }
  const has = ports.length === 0 ? 'has no ports' : `has ${ports.map((name) => `"${name}"`).join(', ')}`
  return `${shown} leaves the port "${port}", but ${stepName(from)} ${has}; connect another one.`
}

function cycleProblems({ file }: ZapDraft): Problem[] {
  const ids = file.steps.map((step) => step.id)
  return findCycles(ids, file.edges).map((cycle): Problem => {
    const first = cycle[0] ?? ''
    const shown = cycle.length > SHOWN_STEPS ? [...cycle.slice(0, SHOWN_STEPS), '…'] : cycle
    const message = `The steps ${[...shown, first].join(' → ')} go in a circle; remove one of these connections.`
    return { severity: 'structure', code: 'cycle', step: first, field: null, message }
  })
}

function reachProblems({ file, reached }: ZapDraft): Problem[] {
  if (reached.size === 0) {
    const message = 'Nothing starts this zap; add a trigger.'
    return [{ severity: 'field', code: 'no-trigger', step: null, field: 'steps', message }]
  }
  return file.steps
    .filter((step) => !reached.has(step.id))
    .map((step) => ({
      severity: 'field',
      code: 'unreachable-step',
      step: step.id,
      field: null,
      message: `No trigger leads to the step ${stepName(step)}; connect it or remove it.`,
    }))
}
