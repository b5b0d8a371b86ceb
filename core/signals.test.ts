import { expect, test, vi } from 'vitest'
import { createSignals } from './signals.ts'

function setUp() {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  return { log, signals: createSignals(log) }
}

test('a signal reaches its own listeners, in the order in which they were added', () => {
  const { signals } = setUp()
  const heard: string[] = []
  signals.on('zap:due', (zapIds) => heard.push(`first ${zapIds.join()}`))
  signals.on('zap:due', (zapIds) => heard.push(`second ${zapIds.join()}`))
  signals.on('status:changed', () => heard.push('status'))
  signals.emit('zap:due', ['a', 'b'])
  signals.emit('inbox:received')
  expect(heard).toEqual(['first a,b', 'second a,b'])
})

test('a listener that throws keeps neither the others nor the emitter from going on', () => {
  const { signals, log } = setUp()
  const heard = vi.fn()
  signals.on('run:news', () => {
    throw new Error('broken')
  })
  signals.on('run:news', heard)
  signals.emit('run:news', 'run_1')
  expect(heard).toHaveBeenCalledExactlyOnceWith('run_1')
  expect(log.error).toHaveBeenCalledExactlyOnceWith(expect.any(String), expect.objectContaining({ signal: 'run:news' }))
})

test('a listener may emit another signal while it listens', () => {
  const { signals } = setUp()
  const heard: string[] = []
  signals.on('run:ended', ({ zapIds }) => signals.emit('zap:due', zapIds))
  signals.on('zap:due', (zapIds) => heard.push(...zapIds))
  signals.emit('run:ended', {
    runId: 'run_1',
    state: 'failed',
    finishedAt: 0,
    zapIds: ['watcher'],
    runIds: [],
    abandonedIds: [],
  })
  expect(heard).toEqual(['watcher'])
})
