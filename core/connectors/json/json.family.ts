import { defineFamily } from '../family-list.ts'
import { jsonQuery } from './query.action.ts'

/** Work on JSON. */
export const json = defineFamily('json', [jsonQuery])
