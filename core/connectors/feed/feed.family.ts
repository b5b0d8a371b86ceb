import { defineFamily } from '../family-list.ts'
import { feedNewItem } from './new-item.trigger.ts'
import { feedRead } from './read.action.ts'

export const feed = defineFamily('feed', [feedNewItem, feedRead])
