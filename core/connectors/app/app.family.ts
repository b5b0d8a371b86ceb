import { defineFamily } from '../family-list.ts'
import { appCall } from './call.action.ts'
import { appEvent } from './event.trigger.ts'
import { appOpen } from './open.action.ts'
import { appPoll } from './poll.trigger.ts'

/** Apps of this computer, and operations of APIs that a person has added. */
export const app = defineFamily('app', [appEvent, appPoll, appCall, appOpen])
