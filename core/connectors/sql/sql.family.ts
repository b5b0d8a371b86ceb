import { defineFamily } from '../family-list.ts'
import { sqlQuery } from './query.action.ts'

export const sql = defineFamily('sql', [sqlQuery])
