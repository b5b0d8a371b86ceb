import { defineFamily } from '../family-list.ts'
import { codeRun } from './run.action.ts'

/** A person's own code. */
export const code = defineFamily('code', [codeRun])
