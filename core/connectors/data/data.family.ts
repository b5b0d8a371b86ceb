import { defineFamily } from '../family-list.ts'
import { dataSet } from './set.action.ts'

/** Values with names and in other forms, in the palette's order. */
export const data = defineFamily('data', [dataSet])
