import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../core/contract/contract.ts'
import { link } from './connection.ts'

/** Everything that the screens may ask of the host. */
export type Api = ContractRouterClient<typeof contract>

export const api: Api = createORPCClient(link)
