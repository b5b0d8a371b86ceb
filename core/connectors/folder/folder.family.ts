import { defineFamily } from '../family-list.ts'
import { folderCreate } from './create.action.ts'

/** Work on folders. */
export const folder = defineFamily('folder', [folderCreate])
