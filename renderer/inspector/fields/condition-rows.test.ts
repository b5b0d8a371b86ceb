import { describe, expect, it } from 'vitest'
import { BLANK_CONDITION, conditionRows, isGroup, withMode, withoutRow, withRow } from './condition-rows.ts'

const row = { left: '{{ hook.body.amount }}', op: 'gt', right: '50' }

describe('condition rows', () => {
  it('moves the rows when the word between them changes, and keeps what else is there', () => {
    const filter = { all: [row], note: 'kept' }
    expect(withMode(filter, 'any')).toEqual({ any: [row], note: 'kept' })
    expect(withMode(withMode(filter, 'any'), 'all')).toEqual(filter)
  })

  it('finds the rows and where they are kept', () => {
    expect(conditionRows({ any: [row] }, ['all', 2])).toEqual({ mode: 'any', rows: [row], path: ['all', 2, 'any'] })
    expect(conditionRows(undefined, [])).toEqual({ mode: 'all', rows: [], path: ['all'] })
  })

  it('adds and removes rows and groups', () => {
    const group = withRow(withRow({}, BLANK_CONDITION), { any: [row] })
    expect(group).toEqual({ all: [BLANK_CONDITION, { any: [row] }] })
    expect(conditionRows(group, []).rows.map(isGroup)).toEqual([false, true])
    expect(withoutRow(group, 0)).toEqual({ all: [{ any: [row] }] })
  })
})
