import { defineFamily } from '../family-list.ts'
import { jsonParse } from './parse.action.ts'
import { jsonQuery } from './query.action.ts'

/** Work on JSON, in the palette's order. */
export const json = defineFamily('json', [jsonParse, jsonQuery])
