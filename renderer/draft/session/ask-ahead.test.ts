import { expect, test } from 'vitest'
import { askAhead } from './ask-ahead.ts'

function asking(get?: (id: string, nth: number) => Promise<string>) {
  const asks: string[] = []
  const staleness = new Map<string, () => void>()
  const ahead = askAhead(
    (id) => {
      asks.push(id)
      return get ? get(id, asks.length) : Promise.resolve(`${id} ${asks.length}`)
    },
    (id, forget) => {
      staleness.set(id, forget)
      return () => staleness.delete(id)
    },
  )
  return { ...ahead, asks, staleness }
}

test('what was asked for ahead is taken once, and not asked for again by another look on the way', async () => {
  const { ask, take, asks, staleness } = asking()
  ask('a')
  ask('a')
  expect(await take('a')).toBe('a 1')
  expect(asks).toEqual(['a'])
  expect(staleness.size).toBe(0)
  expect(await take('a')).toBe('a 2')
})

test('an answer that may be another by now is not given', async () => {
  const { ask, take, staleness } = asking()
  ask('a')
  staleness.get('a')?.()
  expect(await take('a')).toBe('a 2')
})

test('whoever turns to another gets that one, and nothing is listened for in vain', async () => {
  const { ask, take, staleness } = asking()
  ask('a')
  ask('b')
  expect([...staleness.keys()]).toEqual(['b'])
  expect(await take('b')).toBe('b 2')
  expect(await take('a')).toBe('a 3')
})

test('a failure reaches who takes it, and the next asks again', async () => {
  const { ask, take } = asking((id, nth) => (nth === 1 ? Promise.reject(new Error('away')) : Promise.resolve(id)))
  ask('a')
  await expect(take('a')).rejects.toThrow('away')
  expect(await take('a')).toBe('a')
})
