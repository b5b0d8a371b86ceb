import { describe, expect, it } from 'vitest'
import { pauseTyping, record, startHistory } from './history.ts'

describe('typing', () => {
  it('is one step of undo until a pause or another field', () => {
    let history = startHistory('')
    history = record(history, 'a', 0, 'url')
    history = record(history, 'ab', 700, 'url')
    history = record(history, 'abc', 1400, 'url')
    expect(history.past).toEqual([''])
    history = record(history, 'abcd', 2300, 'url')
    expect(history.past).toEqual(['', 'abc'])
    history = record(history, 'x', 2301, 'body')
    history = record(pauseTyping(history), 'xy', 2302, 'body')
    expect(history.past).toEqual(['', 'abc', 'abcd', 'x'])
  })
})
