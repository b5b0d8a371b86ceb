import { defineFamily } from '../family-list.ts'
import { hotkeyPressed } from './pressed.trigger.ts'

/** Keys that are heard in every program. */
export const hotkey = defineFamily('hotkey', [hotkeyPressed])
