import { defineFamily } from '../family-list.ts'
import { dateBetween } from './between.action.ts'
import { dateFormat } from './format.action.ts'
import { dateParse } from './parse.action.ts'
import { dateShift } from './shift.action.ts'

/** Work on dates and times, in the palette's order. */
export const date = defineFamily('date', [dateParse, dateFormat, dateShift, dateBetween])
