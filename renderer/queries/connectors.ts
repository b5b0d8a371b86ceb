import { useQuery } from '@tanstack/react-query'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { queries } from './queries.ts'

type Connectors = ReadonlyMap<string, ConnectorManifest>

const NONE: Connectors = new Map()

const byId = (manifests: readonly ConnectorManifest[]): Connectors =>
  new Map(manifests.map((manifest) => [manifest.id, manifest]))

/** Every trigger and action by its id, in the order of the palette; empty until the host has answered. */
export function useConnectors(): Connectors {
  return useQuery(queries.connectors.list.queryOptions({ select: byId })).data ?? NONE
}
