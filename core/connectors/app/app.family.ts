import { defineFamily } from '../family-list.ts'
import { appOpen } from './open.action.ts'

/** Apps of this computer. */
export const app = defineFamily('app', [appOpen])
