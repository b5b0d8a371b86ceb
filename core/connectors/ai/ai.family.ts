import { checkedFamily } from '../family-list.ts'
import { aiAccount } from './ai-account.ts'
import { aiClassify } from './classify.action.ts'
import { aiExtract } from './extract.action.ts'
import { aiPrompt } from './prompt.action.ts'

export const ai = checkedFamily({ id: 'ai', connectors: [aiPrompt, aiClassify, aiExtract], credentials: [aiAccount] })
