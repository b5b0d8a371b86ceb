import { describe, expect, it } from 'vitest'
import { blankZap, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import * as annotations from './annotations.ts'
import { groupAsText, groupFromText } from './clipboard.ts'
import { copySteps, pasteSteps } from './insert-steps.ts'

const zap: ZapFile = {
  ...blankZap('Framed'),
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: {}, position: { x: 0, y: 0 } },
    { id: 'one', uses: 'data.set', input: {}, position: { x: 0, y: 144 } },
    { id: 'far', uses: 'data.set', input: {}, position: { x: 900, y: 0 } },
  ],
  edges: [{ from: 'hook', to: 'one' }],
}
const framed = annotations.addGroup(zap, ['hook', 'one'], 'Orders')?.zap ?? zap
const noted = annotations.addNote(framed, { x: 20, y: 80 }).zap
const group = noted.groups?.[0]

describe('a frame', () => {
  it('is made around steps, and not around none', () => {
    expect(framed.groups).toEqual([
      { id: 'group-1', title: 'Orders', position: { x: -28, y: -52 }, width: 296, height: 288 },
    ])
    expect(annotations.addGroup(zap, ['gone'], 'Nothing')).toBeNull()
  })

  it('holds the steps and notes whose middle lies in it', () => {
    expect(group && [...annotations.insideOf(noted, group).keys()]).toEqual(['hook', 'one', 'note:note-1'])
  })

  it('is copied along when all its steps are, with the notes inside, and not with some of them', () => {
    const all = copySteps(noted, ['hook', 'one'])
    expect(all.groups).toHaveLength(1)
    expect(all.notes).toHaveLength(1)
    expect(copySteps(noted, ['hook']).groups).toBeUndefined()
    expect(copySteps(noted, [], ['group:group-1']).steps.map(({ id }) => id)).toEqual(['hook', 'one'])

    const pasted = pasteSteps(noted, groupFromText(groupAsText(all)) ?? all, { x: 10, y: 10 }).zap
    expect(pasted.groups?.map(({ id }) => id)).toEqual(['group-1', 'group-2'])
    expect(pasted.notes?.[1]).toMatchObject({ id: 'note-2', position: { x: 30, y: 90 } })
  })

  it('leaves its steps when it is deleted, and a zap without annotations does not mention them', () => {
    const without = annotations.deleteAnnotations(noted, ['group:group-1', 'note:note-1'])
    expect(without).toEqual(zap)
    expect('groups' in without).toBe(false)
  })
})

it('an operation that changes nothing returns the very draft', () => {
  expect(annotations.writeAnnotation(noted, 'group:group-1', 'Orders')).toBe(noted)
  expect(annotations.moveAnnotations(noted, new Map([['note:note-1', { x: 20, y: 80 }]]))).toBe(noted)
  expect(annotations.resizeAnnotation(noted, 'note:note-1', { x: 20, y: 80, width: 208, height: 112 })).toBe(noted)
  expect(annotations.deleteAnnotations(noted, ['note:note-9'])).toBe(noted)
})
