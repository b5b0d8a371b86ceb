import { type ApiServices, procedures } from './services.ts'

export function connectorProcedures({ catalogue }: ApiServices) {
  return { list: procedures.connectors.list.handler(() => catalogue.manifests()) }
}
