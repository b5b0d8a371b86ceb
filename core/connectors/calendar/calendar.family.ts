import { defineFamily } from '../family-list.ts'
import { calendarBuild } from './build.action.ts'

export const calendar = defineFamily('calendar', [calendarBuild])
