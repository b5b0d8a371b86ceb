import { expect, it } from 'vitest'
import { errorCodes, timeLimit, wholeNumber } from './parsed-input.tsx'

it('reads whole numbers within bounds', () => {
  expect([' 8 ', '0', '101', '1.5', 'x'].map((text) => wholeNumber(text, 1, 100))).toEqual([8, null, null, null, null])
})

it('reads times, a bare number being seconds', () => {
  expect(['90', '2h', '0s', '3d', 'soon'].map((text) => timeLimit(text, 86_400_000))).toEqual([
    90_000,
    7_200_000,
    null,
    null,
    null,
  ])
})

it('reads error codes, each once', () => {
  expect(errorCodes('timeout, http-5*  timeout')).toEqual(['timeout', 'http-5*'])
  expect(errorCodes('Timeout')).toBeNull()
  expect(errorCodes('http-*5')).toBeNull()
  expect(errorCodes(' , ')).toBeNull()
})
