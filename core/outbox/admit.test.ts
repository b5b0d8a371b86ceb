import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { newEventId } from '../domain/host/ids.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import { accept, dispatcherUnderTest } from './test-dispatcher.ts'

const ONE_AT_ONCE = { mode: 'parallel', maxParallel: 1, share: 1 } as const

/** A dispatcher with a zap that has one place; events come in as the webhook listener lets them in. */
async function intakeUnderTest() {
  const under = await dispatcherUnderTest(ONE_AT_ONCE)
  const { database, clock, dispatcher, held } = under
  await accept(database, 'a', 0)
  // The first look at the queue after a start is for what crashed before.
  await dispatcher.runOnce()
  const told: string[] = []
  const come = (name: string): void => {
    const at = { zapId: 'a', version: 1, triggerStepId: 'hook', dedupeKey: null, receivedAt: clock.now() }
    const event = { ...at, id: newEventId(), data: { name }, json: JSON.stringify({ name }) }
    // The dispatcher only hands the zap on.
    const zap = {} as CompiledZap
    dispatcher.admit({ ...event, zap, policy: ONE_AT_ONCE }, (slot) => {
      told.push(`${name}: ${slot === undefined ? 'queue' : 'slot'}`)
      const stored = database.write((tx) => acceptEvent(tx, event, slot?.message))
      if (slot === undefined) void stored.then(() => dispatcher.wake('a'))
      else slot.begin(stored)
    })
  }
  /** The run under way comes to its end, once its event is stored. */
  const end = async (): Promise<void> => {
    // Behind it in the same queue.
    await database.write(() => undefined)
    await held.at(-1)?.end()
  }
  /** One run has just ended, and another has the place. */
  const takeThePlace = async (): Promise<void> => {
    come('first')
    await end()
    await dispatcher.idle()
    come('second')
    expect(told.at(-1)).toBe('second: slot')
  }
  const counts = () => countOpenMessages(database.reader, clock.now())
  return { ...under, told, come, end, takeThePlace, counts }
}

test('where runs are ending, an event waits a moment for a place rather than going through the queue', async () => {
  const { told, come, end, takeThePlace, counts } = await intakeUnderTest()
  await takeThePlace()
  come('third')
  come('fourth')
  expect(told.at(-1)).toBe('second: slot')
  await end()
  await vi.waitFor(() => expect(told.at(-1)).toBe('third: slot'))
  await end()
  await vi.waitFor(() => expect(told.at(-1)).toBe('fourth: slot'))
  expect(await counts()).toMatchObject({ pending: 0, leased: 1 })
})

test('an event for which no place becomes free in time is stored all the same', async () => {
  const { clock, told, come, takeThePlace, counts } = await intakeUnderTest()
  await takeThePlace()
  come('third')
  clock.advance(50)
  expect(told.at(-1)).toBe('third: queue')
  // And as none has become free since, nobody waits for one.
  come('fourth')
  expect(told.at(-1)).toBe('fourth: queue')
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ pending: 2, leased: 1 }))
})

test('a pause lets those who wait for a place go on to the queue', async () => {
  const { dispatcher, told, come, takeThePlace } = await intakeUnderTest()
  await takeThePlace()
  come('third')
  expect(told.at(-1)).toBe('second: slot')
  dispatcher.setPaused(true)
  expect(told.at(-1)).toBe('third: queue')
})

test('nobody waits for a place while others are in the queue before it', async () => {
  const { clock, told, come, end, held } = await intakeUnderTest()
  come('first')
  come('second')
  come('third')
  expect(told).toEqual(['first: slot', 'second: queue', 'third: queue'])
  await end()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  come('fourth')
  clock.advance(0)
  expect(told.at(-1)).toBe('fourth: queue')
})

test('an event that waits has the place of a run of which only the last commit is left', async () => {
  const { database, held, told, come, takeThePlace, counts } = await intakeUnderTest()
  await takeThePlace()
  come('third')
  await database.write(() => undefined)
  held.at(-1)?.leave()
  expect(told.at(-1)).toBe('third: slot')
  come('fourth')
  await held.at(-2)?.end()
  expect(told).not.toContain('fourth: slot')
  expect(await counts()).toMatchObject({ pending: 0, leased: 1 })
})
