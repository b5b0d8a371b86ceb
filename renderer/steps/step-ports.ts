import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { isJsonObject, type Json } from '../../core/domain/values/json.ts'
import {
  DONE_PORT,
  EACH_PORT,
  type Edge,
  ERROR_PORT,
  MAIN_PORT,
  portOf,
  type Step,
} from '../../core/domain/zap/zap-file.ts'

/** An output of a step as the canvas draws it. `label` is null for the one output that needs no word. */
export type OutputPort = { readonly id: string; readonly label: string | null }

/** What the ports of a connector follow from. */
type Ports = Pick<ConnectorManifest, 'ports' | 'portsFrom' | 'isLoop'>

/**
 * The outputs of a step from left to right: those that its own input lists (the paths), its connector's, then `error` where
 * failures are routed, then the ports that the draft's own edges name and the step does not have (so that a broken edge can
 * still be seen and deleted).
 */
export function outputPorts(step: Step, manifest: Ports | undefined, outgoing: readonly Edge[]): readonly OutputPort[] {
  const ids = new Map<string, string | null>()
  if (manifest?.portsFrom != null) for (const port of listedPorts(step.input[manifest.portsFrom])) ids.set(...port)
  for (const port of manifest?.ports ?? [{ id: MAIN_PORT }])
    ids.set(port.id, loopWord(port.id, manifest) ?? port.label ?? null)
  if (step.settings?.onError === 'route') ids.set(ERROR_PORT, 'on error')
  for (const edge of outgoing) if (!ids.has(portOf(edge))) ids.set(portOf(edge), `${portOf(edge)}?`)
  const several = ids.size > 1
  return [...ids].map(([id, label]) => ({ id, label: label ?? (several ? portWord(id) : null) }))
}

/** The port by which a flow that is led through a new step of this kind goes on. */
export function throughPort(manifest: Ports | undefined): string {
  if (manifest === undefined) return MAIN_PORT
  const ids = manifest.ports.map((port) => port.id)
  if (ids.includes(MAIN_PORT)) return MAIN_PORT
  return manifest.isLoop && ids.includes(DONE_PORT) ? DONE_PORT : (ids[0] ?? MAIN_PORT)
}

function listedPorts(list: Json | undefined): readonly [string, string][] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: Json): [string, string][] => {
    if (!isJsonObject(entry) || typeof entry.id !== 'string') return []
    const name = typeof entry.name === 'string' && entry.name.trim() !== '' ? entry.name : entry.id
    return [[entry.id, name]]
  })
}

// The two ports have the same names at every loop.
function loopWord(id: string, manifest: Ports | undefined): string | null {
  return manifest?.isLoop === true && (id === EACH_PORT || id === DONE_PORT) ? id : null
}

function portWord(id: string): string {
  return id === MAIN_PORT ? 'then' : id
}
