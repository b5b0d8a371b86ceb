import { defineFamily } from '../family-list.ts'
import { csvBuild } from './build.action.ts'
import { csvParse } from './parse.action.ts'

/** Tables as CSV. */
export const csv = defineFamily('csv', [csvParse, csvBuild])
