import { defineFamily } from '../family-list.ts'
import { clipboardChanged } from './changed.trigger.ts'
import { clipboardSet } from './set.action.ts'

/** The clipboard of this computer. */
export const clipboard = defineFamily('clipboard', [clipboardChanged, clipboardSet])
