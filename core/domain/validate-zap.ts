import type { ConnectorInfo, ConnectorLookup } from './connector-info.ts'
import { findCycles } from './cycles.ts'
import { fieldSubject, stepName } from './field-subject.ts'
import { reachableFrom, sortTopologically } from './graph.ts'
import type { Problem } from './problem.ts'
import { templateRoots } from './template.ts'
import { createUpstream } from './upstream.ts'
import { type Edge, ERROR_PORT, portOf, RESERVED_STEP_IDS, type Step, type ZapFile } from './zap-file.ts'

export { parseZapFile } from './parse-zap-file.ts'

/** The port of `logic.for-each` that its body hangs on, where templates may read `item` and `index`. */
const EACH_PORT = 'each'

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
  const draft: Draft = { file, steps, reached, infoOf: (step) => infos.get(step.uses) }
  problems.push(
    ...file.steps.flatMap((step) => connectorProblems(step, draft)),
    ...edgeProblems(draft),
    ...cycleProblems(draft),
    ...reachProblems(draft),
    ...templateProblems(draft),
  )
  return problems
}

type Draft = {
  readonly file: ZapFile
  readonly steps: ReadonlyMap<string, Step>
  /** Steps that a trigger leads to, or one whose connector is unknown, as that may be a trigger. */
  readonly reached: ReadonlySet<string>
  infoOf(step: Step): ConnectorInfo | undefined
}

function connectorProblems(step: Step, draft: Draft): Problem[] {
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

function edgeProblems(draft: Draft): Problem[] {
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
function portsOf(step: Step, draft: Draft): string[] | undefined {
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

function cycleProblems({ file }: Draft): Problem[] {
  const ids = file.steps.map((step) => step.id)
  return findCycles(ids, file.edges).map((cycle): Problem => {
    const first = cycle[0] ?? ''
    const shown = cycle.length > SHOWN_STEPS ? [...cycle.slice(0, SHOWN_STEPS), '…'] : cycle
    const message = `The steps ${[...shown, first].join(' → ')} go in a circle; remove one of these connections.`
    return { severity: 'structure', code: 'cycle', step: first, field: null, message }
  })
}

function reachProblems({ file, reached }: Draft): Problem[] {
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

function templateProblems(draft: Draft): Problem[] {
  const { file } = draft
  const { order, rest } = sortTopologically([...draft.steps.keys()], file.edges)
  const upstream = createUpstream(order, file.edges)
  const inCircles = new Set(rest)
  const bodies = reachableFrom(
    file.edges.filter((edge) => portOf(edge) === EACH_PORT).map((edge) => edge.to),
    file.edges,
  )
  const problems: Problem[] = []
  for (const step of file.steps) {
    const before = upstream.of(step.id)
    const isTrigger = draft.infoOf(step)?.kind === 'trigger'
    const problemWith = (root: string): string | undefined => {
      if (isTrigger) return root === step.id ? undefined : `but a trigger can read only its own event, as "${step.id}"`
      if (root === 'item' || root === 'index') {
        if (bodies.has(step.id)) return undefined
        return `which exists only behind the port "${EACH_PORT}" of a for-each; read another value`
      }
      if (RESERVED_STEP_IDS.some((word) => word === root)) return undefined
      if (!draft.steps.has(root)) return 'but no step has that id; correct the name'
      // What lies in a circle has no order; the circle is told already.
      if (before.has(root) || inCircles.has(step.id)) return undefined
      return root === step.id
        ? 'which is its own output; read an earlier step'
        : 'which does not run before it; connect the two or read another step'
    }
    for (const found of templateRoots(step.input)) {
      const field = ['input', ...found.path].join('.')
      const place = fieldSubject(found.path, step)
      const add = (severity: Problem['severity'], code: string, message: string) =>
        problems.push({ severity, code, step: step.id, field, message })
      if (found.error !== undefined) add('structure', 'template-syntax', `${place}: ${found.error}`)
      for (const root of found.roots) {
        const reason = problemWith(root)
        if (reason === undefined) continue
        // A step that is not connected yet has nothing before it; its template may well be right.
        const isUnfinished = draft.steps.has(root) && !draft.reached.has(step.id)
        add(isUnfinished ? 'field' : 'structure', 'template-root', `${place} reads "${root}", ${reason}.`)
      }
    }
  }
  return problems
}
