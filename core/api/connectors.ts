import { type CoreServices, procedures } from './services.ts'

export function connectorProcedures({ catalogue }: CoreServices) {
  return { list: procedures.connectors.list.handler(() => catalogue.manifests()) }
}
