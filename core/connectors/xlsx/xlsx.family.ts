import { defineFamily } from '../family-list.ts'
import { xlsxRead } from './read.action.ts'
import { xlsxWrite } from './write.action.ts'

/** Excel workbooks. */
export const xlsx = defineFamily('xlsx', [xlsxRead, xlsxWrite])
