import { expect, test, vi } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import { createSignals } from '../signals.ts'
import { createStatusWatch } from './status-watch.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

function watched() {
  const clock = manualClock()
  const signals = createSignals(log)
  const status = vi.fn(async () => ({ paused: false }))
  // What is read is handed on as it is.
  const { watch } = createStatusWatch({ clock, log, signals, status: status as never })
  return { clock, signals, status, watch }
}

/** Lets what was asked be answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('it is told at first, and once a second at most however much happens', async () => {
  const { clock, signals, status, watch } = watched()
  const told = vi.fn()
  const end = watch(told)
  for (let n = 0; n < 300; n++) signals.emit('run:changed', ['run_1'])
  await settled()
  expect(told).toHaveBeenCalledTimes(1)
  clock.advance(999)
  await settled()
  expect(told).toHaveBeenCalledTimes(1)
  clock.advance(1)
  await settled()
  expect(told).toHaveBeenCalledTimes(2)
  clock.advance(5_000)
  await settled()
  expect(status).toHaveBeenCalledTimes(2)
  end()
  signals.emit('status:changed')
  expect(status).toHaveBeenCalledTimes(2)
})

test('what cannot be read is logged, and the next change is looked at again', async () => {
  const { clock, signals, status, watch } = watched()
  status.mockRejectedValueOnce(new Error('busy'))
  const told = vi.fn()
  watch(told)
  await settled()
  expect(log.warn).toHaveBeenCalled()
  clock.advance(1_000)
  signals.emit('pause:changed', { ofIntake: true, ofRuns: true })
  await settled()
  expect(told).toHaveBeenCalledTimes(1)
})
