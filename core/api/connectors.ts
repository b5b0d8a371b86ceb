import { connectorManifests } from '../connectors/manifest.ts'
import { procedures } from './services.ts'

export function connectorProcedures() {
  return { list: procedures.connectors.list.handler(() => [...connectorManifests()]) }
}
