import { describe, expect, it } from 'vitest'
import { parseBreakpoints, toggled } from './breakpoints.ts'

describe('breakpoints', () => {
  it('are set where one of the steps has none, and taken away where all have one', () => {
    expect(toggled([], ['a'])).toEqual(['a'])
    expect(toggled(['a'], ['a', 'b'])).toEqual(['a', 'b'])
    expect(toggled(['a', 'b', 'c'], ['a', 'b'])).toEqual(['c'])
  })

  it('are read back, and nonsense counts for nothing', () => {
    expect(parseBreakpoints('{"zap_1":["a","b"],"zap_2":[],"zap_3":[1],"zap_4":"a"}')).toEqual({ zap_1: ['a', 'b'] })
    expect(parseBreakpoints('null')).toEqual({})
    expect(parseBreakpoints('{')).toEqual({})
    expect(parseBreakpoints(null)).toEqual({})
  })
})
