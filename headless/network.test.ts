import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createNetwork } from './network.ts'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
})

test('a network that goes and comes back is told of within seconds, once each time', () => {
  let hasAddress = true
  const network = createNetwork(() => hasAddress)
  const changed = vi.fn()
  const leave = network.watch(changed)
  hasAddress = false
  vi.advanceTimersByTime(30_000)
  expect(network.isOnline()).toBe(false)
  expect(changed).toHaveBeenCalledOnce()
  hasAddress = true
  vi.advanceTimersByTime(3_600)
  expect(network.isOnline()).toBe(true)
  expect(changed).toHaveBeenCalledTimes(2)
  leave()
  hasAddress = false
  vi.advanceTimersByTime(3_600)
  expect(network.isOnline()).toBe(false)
  expect(changed).toHaveBeenCalledTimes(2)
  network.close()
})

test('after the close nobody looks any more', () => {
  const look = vi.fn(() => true)
  createNetwork(look).close()
  vi.advanceTimersByTime(60_000)
  expect(look).toHaveBeenCalledOnce()
})
