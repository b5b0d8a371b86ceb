import { defineFamily } from '../family-list.ts'
import { zipPack } from './pack.action.ts'
import { zipUnpack } from './unpack.action.ts'

/** Archives. */
export const zip = defineFamily('zip', [zipPack, zipUnpack])
