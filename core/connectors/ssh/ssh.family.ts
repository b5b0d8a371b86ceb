import { checkedFamily } from '../family-list.ts'
import { sshRun } from './run.action.ts'
import { sshAccount } from './ssh-account.ts'

export const ssh = checkedFamily({ id: 'ssh', connectors: [sshRun], credentials: [sshAccount] })
