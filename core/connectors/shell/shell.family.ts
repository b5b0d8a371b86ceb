import { defineFamily } from '../family-list.ts'
import { shellRun } from './run.action.ts'

/** Programs of this computer. */
export const shell = defineFamily('shell', [shellRun])
