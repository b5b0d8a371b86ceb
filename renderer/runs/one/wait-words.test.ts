import { expect, it } from 'vitest'
import { WAITS } from '../../../core/domain/runs/states.ts'
import { canResumeNow, waitWords } from './wait-words.ts'

it('says what is waited for, and puts a time only where there is one', () => {
  expect([...WAITS, null].map((wait) => waitWords(wait, true).text)).toEqual([
    'Next attempt',
    'Until',
    'For a decision',
    'For another run',
    'For the network',
    'For you to sign in again',
    'For its turn',
  ])
  expect([...WAITS, null].every((wait) => waitWords(wait, false).before === null)).toBe(true)
})

it('lets a person end only what waits for a time, an attempt or the network', () => {
  const waiting = [...WAITS, null].filter((waitsFor) => canResumeNow({ status: 'waiting', waitsFor }))
  expect(waiting).toEqual(['retry', 'time', 'network'])
  expect(canResumeNow({ status: 'running', waitsFor: 'retry' })).toBe(false)
})
