import { defineFamily } from '../family-list.ts'
import { textConvert } from './convert.action.ts'
import { textSplit } from './split.action.ts'

/** Work on text, in the palette's order. */
export const text = defineFamily('text', [textSplit, textConvert])
