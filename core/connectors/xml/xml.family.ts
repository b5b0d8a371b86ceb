import { defineFamily } from '../family-list.ts'
import { xmlBuild } from './build.action.ts'
import { xmlParse } from './parse.action.ts'

/** XML. */
export const xml = defineFamily('xml', [xmlParse, xmlBuild])
