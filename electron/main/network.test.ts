import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { app, powerMonitor, recorded, reset } from './electron.double.ts'
import { createNetwork } from './network.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(() => {
  reset()
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
})

test('a network that goes and comes back is told of within seconds, once each time', () => {
  const network = createNetwork()
  const changed = vi.fn()
  network.watch(changed)
  expect(network.isOnline()).toBe(true)
  recorded.isOnline = false
  vi.advanceTimersByTime(3_600)
  expect(network.isOnline()).toBe(false)
  vi.advanceTimersByTime(30_000)
  expect(changed).toHaveBeenCalledOnce()
  recorded.isOnline = true
  vi.advanceTimersByTime(3_600)
  expect(network.isOnline()).toBe(true)
  expect(changed).toHaveBeenCalledTimes(2)
  network.close()
})

test('a computer that wakes looks at once', async () => {
  const network = createNetwork()
  await app.whenReady()
  const changed = vi.fn()
  network.watch(changed)
  recorded.isOnline = false
  powerMonitor.emit('resume')
  expect(network.isOnline()).toBe(false)
  expect(changed).toHaveBeenCalledOnce()
  network.close()
})

test('nobody is told after their leave, and nobody looks after the close', () => {
  const network = createNetwork()
  const changed = vi.fn()
  const leave = network.watch(changed)
  leave()
  recorded.isOnline = false
  vi.advanceTimersByTime(3_600)
  expect(changed).not.toHaveBeenCalled()
  network.close()
  recorded.isOnline = true
  powerMonitor.emit('resume')
  vi.advanceTimersByTime(30_000)
  expect(network.isOnline()).toBe(false)
})
