import { defineFamily } from '../family-list.ts'
import { numberFormat } from './format.action.ts'
import { numberParse } from './parse.action.ts'

/** Work on numbers, in the palette's order. */
export const number = defineFamily('number', [numberParse, numberFormat])
