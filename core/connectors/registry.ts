import type { z } from 'zod'
import type { ConnectorInfo, ConnectorLookup, Port } from '../domain/connector-info.ts'
import { issueWords } from '../domain/issue-words.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/json.ts'
import type { Touch } from '../domain/permissions.ts'
import { isDynamicText } from '../domain/template.ts'
import type { Step } from '../domain/zap-file.ts'
import { dataSet } from './data/set.action.ts'
import type { Connector } from './define.ts'
import { fileAppend } from './file/append.action.ts'
import { httpRequest } from './http/request.action.ts'
import { unfinishedIn } from './kit/unfinished.ts'
import { logicApprove } from './logic/approve.action.ts'
import { logicCallZap } from './logic/call-zap.action.ts'
import { logicDebounce } from './logic/debounce.action.ts'
import { logicDelay } from './logic/delay.action.ts'
import { logicFilter } from './logic/filter.action.ts'
import { logicForEach } from './logic/for-each.action.ts'
import { logicJoin } from './logic/join.action.ts'
import { logicPaths } from './logic/paths.action.ts'
import { logicRepeatUntil } from './logic/repeat-until.action.ts'
import { logicSkipSeen } from './logic/skip-seen.action.ts'
import { logicStop } from './logic/stop.action.ts'
import { logicThrottle } from './logic/throttle.action.ts'
import { manualRun } from './manual/run.trigger.ts'
import { notifyShow } from './notify/show.action.ts'
import { scheduleCron } from './schedule/cron.trigger.ts'
import { webhookCatch } from './webhook/catch.trigger.ts'
import { webhookRespond } from './webhook/respond.action.ts'
import { webhookSend } from './webhook/send.action.ts'
import { zapFailed } from './zap/failed.trigger.ts'

/** Every connector, in the order in which the palette shows them. */
export const connectors: readonly Connector[] = [
  webhookCatch,
  scheduleCron,
  manualRun,
  zapFailed,
  logicFilter,
  logicPaths,
  logicJoin,
  logicForEach,
  logicRepeatUntil,
  logicDelay,
  logicApprove,
  logicThrottle,
  logicDebounce,
  logicSkipSeen,
  logicStop,
  logicCallZap,
  dataSet,
  httpRequest,
  webhookRespond,
  webhookSend,
  fileAppend,
  notifyShow,
]

const byId = indexById(connectors)

/** The connector with a permanent id, or undefined. */
export function findConnector(id: string): Connector | undefined {
  return byId.get(id)
}

/** What the connector of a step says that the step touches; nothing for a connector that this version does not have. */
export function touchesOf({ uses, input }: Step): readonly Touch[] {
  return findConnector(uses)?.touches?.(input) ?? []
}

/** What the pure part of the core knows of a connector. */
export const connectorLookup: ConnectorLookup = (uses) => infoById.get(uses)

const infoById = new Map(connectors.map((connector) => [connector.id, infoOf(connector)]))

function infoOf(connector: Connector): ConnectorInfo {
  const action = connector.kind === 'action' ? connector : undefined
  const ports = action?.ports ?? [{ id: 'main' }]
  const { portsFrom } = action ?? {}
  return {
    id: connector.id,
    kind: connector.kind,
    title: connector.title,
    ports: portsFrom === undefined ? () => ports : (step) => [...listedPorts(step.input[portsFrom]), ...ports],
    isLoop: action?.loop !== undefined,
    bodyField: action?.bodyField ?? null,
    checkInput: (input) => checkInput(connector, input),
  }
}

/** The ports that a list of `{ id, name? }` in a draft makes; what is not of that shape makes none. */
function listedPorts(list: Json | undefined): Port[] {
  if (list === undefined || !isJsonList(list)) return []
  return list.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry.id !== 'string') return []
    return [{ id: entry.id, ...(typeof entry.name === 'string' ? { label: entry.name } : {}) }]
  })
}

/**
 * What a connector's schema says of a draft's input, and what is only half filled in. Where a template stands in the place of a value, its type is not known yet, so
 * issues there (or below) are left for the run. Triggers, and actions that render by themselves, read their input as it is written.
 */
function checkInput(connector: Connector, input: Step['input']): readonly InputIssue[] {
  const parsed = connector.input.safeParse(input, { error: issueWords })
  const isRendered = connector.kind === 'action' && connector.templates !== 'own'
  const issues = parsed.success
    ? []
    : parsed.error.issues
        .flatMap((issue) => plainIssues(issue, []))
        .filter((issue) => !(isRendered && isTemplated(input, issue.path)))
  // Of a field that is wrong in two ways the schema's words stand.
  const unfinished = unfinishedIn(connector, input).filter(
    ({ path }) => !issues.some((issue) => isSame(issue.path, path)),
  )
  return [...issues, ...unfinished]
}

const isSame = (a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean =>
  a.length === b.length && a.every((key, at) => String(key) === String(b[at]))

type InputIssue = ReturnType<ConnectorInfo['checkInput']>[number]

/** An issue; for a choice of shapes, those of the shape that the value comes closest to. */
function plainIssues(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): InputIssue[] {
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
  const depthOf = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length))
  const [closest] = issue.errors.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))
  if (closest === undefined || depthOf(closest) === 0) return [{ path, message: issue.message }]
  return closest.flatMap((inner) => plainIssues(inner, path))
}

function isTemplated(input: Step['input'], path: readonly PropertyKey[]): boolean {
  let value: unknown = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  return typeof value === 'string' && isDynamicText(value)
}

/** Maps connectors by id. Throws an `Error` when two share one, so that the app does not even start. */
export function indexById(list: readonly Connector[]): ReadonlyMap<string, Connector> {
  const index = new Map<string, Connector>()
  for (const connector of list) {
    if (index.has(connector.id)) throw new Error(`two connectors have the id ${connector.id}`)
    index.set(connector.id, connector)
  }
  return index
}
