import { defineFamily } from '../family-list.ts'
import { dataDecode } from './decode.action.ts'
import { dataEncode } from './encode.action.ts'
import { dataPick } from './pick.action.ts'
import { dataSet } from './set.action.ts'

/** Values with names and in other forms, in the palette's order. */
export const data = defineFamily('data', [dataSet, dataPick, dataEncode, dataDecode])
