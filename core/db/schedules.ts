import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { integer, nullable, rowOf, text } from './row.ts'

/** When a schedule trigger is due next. `timetable` is its configuration as text: a change of it starts the count anew. */
export type ScheduleRow = { zapId: string; stepId: string; timetable: string; dueAt: number | null }

const scheduleRow = rowOf({ zapId: text, stepId: text, timetable: text, dueAt: nullable(integer) })

export function getSchedules(tx: Tx): ScheduleRow[] {
  return tx.all(scheduleRow, 'SELECT zap_id AS zapId, step_id AS stepId, timetable, due_at AS dueAt FROM schedule')
}

export function writeSchedule(tx: Tx, row: ScheduleRow): void {
  tx.run(
    `INSERT INTO schedule (zap_id, step_id, timetable, due_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id) DO UPDATE SET timetable = excluded.timetable, due_at = excluded.due_at`,
    [row.zapId, row.stepId, row.timetable, row.dueAt],
  )
}

export function deleteSchedule(tx: Tx, zapId: string, stepId: string): void {
  tx.run('DELETE FROM schedule WHERE zap_id = ? AND step_id = ?', [zapId, stepId])
}

/** The schedule that is due first, with its zap's name. */
export async function findNextSchedule(
  reader: Knex,
): Promise<{ zapId: string; zapName: string; dueAt: number } | undefined> {
  return reader('schedule')
    .join('zap', 'zap.id', 'schedule.zap_id')
    .whereNotNull('due_at')
    .orderBy('due_at')
    .first('zap_id as zapId', 'zap.name as zapName', 'due_at as dueAt')
}
