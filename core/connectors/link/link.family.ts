import { defineFamily } from '../family-list.ts'
import { linkOpened } from './opened.trigger.ts'

/** Links that the system hands over. */
export const link = defineFamily('link', [linkOpened])
