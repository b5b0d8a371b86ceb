import { describe, expect, it } from 'vitest'
import { headState, isSelected, keepShown, NO_RUNS, toggled } from './run-selection.ts'

const shown = ['d', 'c', 'b', 'a']
const some = (...ids: string[]) => ({ kind: 'some' as const, ids: new Set(ids) })

describe('the selection of runs', () => {
  it('takes runs in and out, one by one or from one to another', () => {
    const one = toggled(NO_RUNS, shown, 'd', true)
    expect(toggled(one, shown, 'b', true, 'd')).toEqual(some('d', 'c', 'b'))
    expect(toggled(some('d', 'c'), shown, 'c', false)).toEqual(some('d'))
    expect(toggled(NO_RUNS, shown, 'b', true, 'gone')).toEqual(some('b'))
  })

  it('is mixed where some of the shown runs are in it', () => {
    expect(headState(NO_RUNS, shown)).toBe(false)
    expect(headState(some('a'), shown)).toBe('mixed')
    expect(headState(some(...shown), shown)).toBe(true)
    expect(headState({ kind: 'all' }, shown)).toBe(true)
  })

  it('of all that match becomes those that are shown once one is taken out', () => {
    expect(isSelected({ kind: 'all' }, 'never seen')).toBe(true)
    expect(toggled({ kind: 'all' }, shown, 'c', false)).toEqual(some('d', 'b', 'a'))
  })

  it('lets go of runs that have left the list', () => {
    expect(keepShown(some('a', 'x'), shown)).toEqual(some('a'))
    const kept = some('a')
    expect(keepShown(kept, shown)).toBe(kept)
  })
})
