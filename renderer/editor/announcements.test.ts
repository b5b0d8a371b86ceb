import { expect, test } from 'vitest'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { nudge, resizeByNudge } from '../draft/layout/nudge.ts'
import { addGroup, addNote, groupKey, noteKey } from '../draft/operations/annotations.ts'
import {
  connect,
  deleteSteps,
  disconnect,
  moveSteps,
  toggleDisabled,
  updateInput,
} from '../draft/operations/draft-operations.ts'
import { type History, record, redo, startHistory, undo } from '../draft/session/history.ts'
import { announcementOf } from './announcements.ts'

const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: 'Order', input: {}, position: { x: 0, y: 0 } },
    { id: 'size', uses: 'logic.paths', name: 'Size', input: {}, position: { x: 0, y: 120 } },
    { id: 'post', uses: 'http.request', name: 'Post', input: {}, position: { x: 240, y: 240 } },
  ],
  edges: [{ from: 'hook', to: 'size' }],
}
const say = (before: History<ZapFile>, after: History<ZapFile>) => announcementOf(before, after, new Map())
const said = (change: (zap: ZapFile) => ZapFile, from: ZapFile = zap): string | null =>
  say(startHistory(from), record(startHistory(from), change(from), 0))

test('a step that is moved is told with the way it went and where it is', () => {
  expect(said((from) => nudge(from, ['post'], [], 'right'))).toMatch(/^Post moved right, to 2\d\d, 240$/)
  expect(said((from) => moveSteps(from, new Map([['post', { x: 0, y: 480 }]])))).toBe(
    'Post moved down and left, to 0, 480',
  )
  expect(said((from) => nudge(from, ['post', 'size'], [], 'up'))).toBe('Moved 2 steps')
})

test('notes and frames are told when they are moved, with what stands in them, and resized', () => {
  const noted = addNote(zap, { x: 500, y: 0 }).zap
  const note = noteKey('note-1')
  expect(said((from) => nudge(from, [], [note], 'left'), noted)).toMatch(/^Note moved left, to 4\d\d, 0$/)
  expect(said((from) => resizeByNudge(from, [note], 'right'), noted)).toMatch(/^Note resized to 2\d\d by 112$/)
  const framed = addGroup(zap, ['hook', 'size'], 'Intake')?.zap ?? zap
  expect(said((from) => nudge(from, [], [groupKey('group-1')], 'down'), framed)).toMatch(
    /^Frame “Intake” moved down, to/,
  )
  expect(said((from) => addNote(from, { x: 0, y: 0 }).zap)).toBe('Added a note')
})

test('connections are told with both ends and the way out, and so is what comes and goes', () => {
  const edge = { from: 'size', port: 'else', to: 'post' }
  const isTrigger = (uses: string) => uses === 'webhook.catch'
  expect(said((from) => connect(from, edge, isTrigger))).toBe('Connected Size (else) → Post')
  expect(said((from) => disconnect(from, from.edges))).toBe('Disconnected Order → Size')
  expect(said((from) => deleteSteps(from, ['size']))).toBe('Removed Size')
  expect(said((from) => deleteSteps(from, ['size', 'post']))).toBe('Removed 2 steps')
  expect(said((from) => toggleDisabled(from, ['post']))).toBe('Post: switched off')
})

test('undo and redo say what they took back or did again', () => {
  const start = startHistory(zap)
  const moved = record(start, moveSteps(zap, new Map([['post', { x: 0, y: 0 }]])), 0)
  const gone = record(moved, deleteSteps(moved.present, ['post']), 1)
  const back = undo(gone)
  expect(say(gone, back)).toBe('Undone: Removed Post')
  expect(say(back, undo(back))).toBe('Undone: Moved Post')
  expect(say(back, redo(back))).toBe('Done again: Removed Post')
  expect(say(gone, undo(undo(gone)))).toBe('Undone: Removed Post')
})

test('what is typed into a field is not said again, but its undo is', () => {
  const typed = record(startHistory(zap), updateInput(zap, 'post', ['url'], 'http://a'), 0, 'post input.url')
  expect(say(startHistory(zap), typed)).toBeNull()
  expect(say(typed, undo(typed))).toBe('Undone: Changed url of Post')
  expect(say(typed, typed)).toBeNull()
})
