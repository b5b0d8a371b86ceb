import { defineFamily } from '../family-list.ts'
import { mailReceived } from './received.trigger.ts'
import { mailSend } from './send.action.ts'

export const mail = defineFamily('mail', [mailSend, mailReceived])
