import { describe, expect, it } from 'vitest'
import { bulkConsequence, bulkQuestion, leftAloneWords, runsWords } from './bulk-words.ts'

describe('the question before many runs are changed', () => {
  it('names what is done with how many', () => {
    expect(bulkQuestion({ action: 'replay' }, runsWords(50))).toBe('Replay 50 runs?')
    expect(bulkQuestion({ action: 'replay', fromFailed: true }, runsWords(1))).toBe(
      'Replay 1 run from the failed step?',
    )
    expect(bulkQuestion({ action: 'replay', version: 'newest' }, runsWords(1240))).toBe(
      'Replay 1,240 runs through the newest version?',
    )
    expect(bulkQuestion({ action: 'cancel' }, runsWords(10_000, false))).toBe('Cancel more than 10,000 runs?')
  })

  it('says which steps are done again', () => {
    expect(bulkConsequence({ action: 'replay' })).toContain('its own version')
    expect(bulkConsequence({ action: 'replay', version: 'newest' })).toContain('live now')
    expect(bulkConsequence({ action: 'replay', fromFailed: true })).toContain('keeps the results of finished steps')
  })

  it('says what becomes of the selected runs that it is not for', () => {
    expect(leftAloneWords({ action: 'replay' }, 0)).toBeNull()
    expect(leftAloneWords({ action: 'replay' }, 1)).toBe(
      'One more that is selected is left alone: only what has ended is replayed.',
    )
    expect(leftAloneWords({ action: 'cancel' }, 2)).toContain('2 more that are selected are left alone')
    expect(leftAloneWords({ action: 'replay', fromFailed: true }, 2)).toContain('no failed step')
  })
})
