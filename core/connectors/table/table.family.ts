import { defineFamily } from '../family-list.ts'
import { tableAdd } from './add.action.ts'
import { tableChanged } from './changed.trigger.ts'
import { tableDelete } from './delete.action.ts'
import { tableFind } from './find.action.ts'
import { tableUpdate } from './update.action.ts'
import { tableUpsert } from './upsert.action.ts'

/** Tables that people and zaps share, in the palette's order. */
export const table = defineFamily('table', [tableChanged, tableFind, tableAdd, tableUpsert, tableUpdate, tableDelete])
