import { defineFamily } from '../family-list.ts'
import { pdfText } from './text.action.ts'

/** PDF documents. */
export const pdf = defineFamily('pdf', [pdfText])
