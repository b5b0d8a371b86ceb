import { defineFamily } from '../family-list.ts'
import { mailSend } from './send.action.ts'

export const mail = defineFamily('mail', [mailSend])
