import { defineFamily } from '../family-list.ts'
import { storeAppend } from './append.action.ts'
import { storeDelete } from './delete.action.ts'
import { storeGet } from './get.action.ts'
import { storeIncrement } from './increment.action.ts'
import { storeSet } from './set.action.ts'

/** Values that are kept from run to run, in the palette's order. */
export const store = defineFamily('store', [storeGet, storeSet, storeIncrement, storeAppend, storeDelete])
