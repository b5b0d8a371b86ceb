import { defineFamily } from '../family-list.ts'
import { htmlExtract } from './extract.action.ts'

/** Web pages. */
export const html = defineFamily('html', [htmlExtract])
