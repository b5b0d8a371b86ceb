import { defineFamily } from '../family-list.ts'
import { listChunk } from './chunk.action.ts'
import { listCompare } from './compare.action.ts'
import { listFilter } from './filter.action.ts'
import { listGroup } from './group.action.ts'
import { listLimit } from './limit.action.ts'
import { listMap } from './map.action.ts'
import { listMerge } from './merge.action.ts'
import { listSort } from './sort.action.ts'
import { listSummarize } from './summarize.action.ts'
import { listUnique } from './unique.action.ts'

/** Work on lists, in the palette's order. */
export const list = defineFamily('list', [
  listFilter,
  listMap,
  listSort,
  listLimit,
  listUnique,
  listGroup,
  listSummarize,
  listMerge,
  listCompare,
  listChunk,
])
