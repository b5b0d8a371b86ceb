import { defineFamily } from '../family-list.ts'
import { fileAppend } from './append.action.ts'

/** Files of the computer, in the palette's order. */
export const file = defineFamily('file', [fileAppend])
