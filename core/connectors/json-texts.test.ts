import { expect, test } from 'vitest'
import { testCatalogue } from './test-catalogue.ts'

const jsonTexts = (uses: string, input = {}) => testCatalogue.jsonTextsOf({ uses, input })

test('a text stays JSON where the form of its connector says so', () => {
  expect(jsonTexts('webhook.send')).toEqual(['body'])
  expect(jsonTexts('webhook.respond')).toEqual(['body'])
  expect(jsonTexts('logic.call-zap')).toEqual(['input'])
  expect(jsonTexts('data.set')).toEqual([])
})

test('a body stays JSON unless another field says that it is something else', () => {
  expect(jsonTexts('http.request')).toEqual(['body'])
  expect(jsonTexts('http.request', { bodyType: 'json' })).toEqual(['body'])
  expect(jsonTexts('http.request', { bodyType: 'form' })).toEqual([])
  expect(jsonTexts('http.request', { bodyType: 'text' })).toEqual([])
})

test('a connector that there is not has no such texts', () => {
  expect(jsonTexts('gone.step')).toEqual([])
  expect(jsonTexts('__proto__')).toEqual([])
})
