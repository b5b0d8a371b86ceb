import { checkedFamily } from '../family-list.ts'
import { s3Changed } from './changed.trigger.ts'
import { s3Copy } from './copy.action.ts'
import { s3Delete } from './delete.action.ts'
import { s3Get } from './get.action.ts'
import { s3Info } from './info.action.ts'
import { s3Link } from './link.action.ts'
import { s3List } from './list.action.ts'
import { s3Put } from './put.action.ts'
import { s3Account } from './s3-account.ts'

export const s3 = checkedFamily({
  id: 's3',
  connectors: [s3Changed, s3Put, s3Get, s3List, s3Info, s3Copy, s3Link, s3Delete],
  credentials: [s3Account],
})
