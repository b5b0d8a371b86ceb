import { checkedFamily } from '../family-list.ts'
import { redisCommand } from './command.action.ts'
import { redisAccount } from './redis-account.ts'

export const redis = checkedFamily({ id: 'redis', connectors: [redisCommand], credentials: [redisAccount] })
