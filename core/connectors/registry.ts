import type { ConnectorInfo, ConnectorLookup } from '../domain/connector-info.ts'
import type { Json } from '../domain/json.ts'
import { isDynamicText } from '../domain/template.ts'
import type { Step } from '../domain/zap-file.ts'
import { dataSet } from './data/set.action.ts'
import type { Connector } from './define.ts'
import { fileAppend } from './file/append.action.ts'
import { httpRequest } from './http/request.action.ts'
import { logicFilter } from './logic/filter.action.ts'
import { manualRun } from './manual/run.trigger.ts'
import { notifyShow } from './notify/show.action.ts'
import { scheduleCron } from './schedule/cron.trigger.ts'
import { webhookCatch } from './webhook/catch.trigger.ts'

/** Every connector, in the order in which the palette shows them. */
export const connectors: readonly Connector[] = [
  webhookCatch,
  scheduleCron,
  manualRun,
  logicFilter,
  dataSet,
  httpRequest,
  fileAppend,
  notifyShow,
]

const byId = indexById(connectors)

/** The connector with a permanent id, or undefined. */
export function findConnector(id: string): Connector | undefined {
  return byId.get(id)
}

/** What the pure part of the core knows of a connector. */
export const connectorLookup: ConnectorLookup = (uses) => infoById.get(uses)

const infoById = new Map(connectors.map((connector) => [connector.id, infoOf(connector)]))

function infoOf(connector: Connector): ConnectorInfo {
  const ports = (connector.kind === 'action' ? connector.ports : undefined) ?? [{ id: 'main' }]
  return {
    id: connector.id,
    kind: connector.kind,
    title: connector.title,
    ports: () => ports,
    checkInput: (input) => checkInput(connector, input),
  }
}

/**
 * What a connector's schema says of a draft's input. Where a template stands in the place of a value, its type is not known yet, so
 * issues there (or below) are left for the run.
 */
function checkInput(connector: Connector, input: Step['input']): ReturnType<ConnectorInfo['checkInput']> {
  const parsed = connector.input.safeParse(input)
  if (parsed.success) return []
  return parsed.error.issues
    .filter((issue) => !isTemplated(input, issue.path))
    .map(({ path, message }) => ({ path, message }))
}

function isTemplated(input: Step['input'], path: readonly PropertyKey[]): boolean {
  let value: Json | undefined = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    const members: Readonly<Record<PropertyKey, Json>> = value as never // a list is indexed by its keys as an object is
    value = members[key]
  }
  return typeof value === 'string' && isDynamicText(value)
}

function indexById(list: readonly Connector[]): ReadonlyMap<string, Connector> {
  const index = new Map<string, Connector>()
  for (const connector of list) {
    if (index.has(connector.id)) throw new Error(`two connectors have the id ${connector.id}`)
    index.set(connector.id, connector)
  }
  return index
}
