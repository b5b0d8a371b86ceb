import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { type Edge, ERROR_PORT, MAIN_PORT, portOf, type Step } from '../../core/domain/zap-file.ts'

/** An output of a step as the canvas draws it. `label` is null for the one output that needs no word. */
export type OutputPort = { readonly id: string; readonly label: string | null }

/**
 * The outputs of a step from left to right: its connector's, then `error` where failures are routed, then whatever ports the
 * draft's own edges name and the connector does not have (so that a broken edge can still be seen and deleted).
 */
export function outputPorts(
  step: Step,
  manifest: ConnectorManifest | undefined,
  outgoing: readonly Edge[],
): readonly OutputPort[] {
  const ids = new Map<string, string | null>()
  for (const port of manifest?.ports ?? [{ id: MAIN_PORT }]) ids.set(port.id, port.label ?? null)
  if (step.settings?.onError === 'route') ids.set(ERROR_PORT, 'on error')
  for (const edge of outgoing) if (!ids.has(portOf(edge))) ids.set(portOf(edge), `${portOf(edge)}?`)
  const several = ids.size > 1
  return [...ids].map(([id, label]) => ({ id, label: label ?? (several ? portWord(id) : null) }))
}

function portWord(id: string): string {
  return id === MAIN_PORT ? 'then' : id
}
