import { defineFamily } from '../family-list.ts'
import { textConvert } from './convert.action.ts'
import { textExtract } from './extract.action.ts'
import { textJoin } from './join.action.ts'
import { textMatch } from './match.action.ts'
import { textReplace } from './replace.action.ts'
import { textSplit } from './split.action.ts'

/** Work on text, in the palette's order. */
export const text = defineFamily('text', [textSplit, textJoin, textReplace, textExtract, textMatch, textConvert])
