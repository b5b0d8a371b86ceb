import { defineFamily } from '../family-list.ts'
import { fileAppend } from './append.action.ts'
import { fileCopy } from './copy.action.ts'
import { fileDelete } from './delete.action.ts'
import { fileInfo } from './info.action.ts'
import { fileList } from './list.action.ts'
import { fileMove } from './move.action.ts'
import { fileRead } from './read.action.ts'
import { fileWatch } from './watch.trigger.ts'
import { fileWrite } from './write.action.ts'

/** Files of the computer, in the palette's order. */
export const file = defineFamily('file', [
  fileWatch,
  fileRead,
  fileWrite,
  fileAppend,
  fileMove,
  fileCopy,
  fileDelete,
  fileList,
  fileInfo,
])
