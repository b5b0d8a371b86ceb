import { describe, expect, it } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { memoryStore, runAction } from '../test-context.ts'
import { logicSkipSeen } from './skip-seen.action.ts'

const start = '2026-11-24T09:00:00.000Z'

function skipSeen(input: Record<string, Json> = {}) {
  const clock = manualClock(Date.parse(start))
  const store = memoryStore()
  const call = (event: string, id: Json) =>
    runAction(
      logicSkipSeen,
      { key: '{{ hook.id }}', ...input },
      {
        store,
        clock,
        scope: { hook: { id } },
        eventKey: `${event}:seen`,
      },
    )
  return { call, clock }
}

const isNew = { output: { seen: false, firstSeenAt: start }, ports: ['main'] }
const isSeen = { output: { seen: true, firstSeenAt: start }, ports: [] }

describe('logic.skip-seen', () => {
  it('ends a run that comes with what another one brought', async () => {
    const { call, clock } = skipSeen()
    expect(await call('evt_1', 'A-1')).toEqual(isNew)
    clock.advance(60_000)
    expect(await call('evt_2', 'A-1')).toEqual(isSeen)
    expect(await call('evt_3', 'A-2')).toMatchObject({ output: { seen: false }, ports: ['main'] })
  })

  it('has not seen what only the same event brought before: tried again, or replayed', async () => {
    const { call } = skipSeen()
    expect([await call('evt_1', 5), await call('evt_1', 5), await call('evt_2', '5')]).toEqual([isNew, isNew, isSeen])
  })

  it('forgets after its time, counted from the first', async () => {
    const { call, clock } = skipSeen({ ttl: '1h' })
    await call('evt_1', 'A')
    clock.advance(3_599_999)
    expect(await call('evt_2', 'A')).toEqual(isSeen)
    clock.advance(1)
    expect(await call('evt_3', 'A')).toMatchObject({ output: { seen: false, firstSeenAt: '2026-11-24T10:00:00.000Z' } })
  })

  it.each<[Json]>([[''], [null], [true], [{ id: 1 }], ['x'.repeat(1_001)]])('refuses %j', async (id) => {
    await expect(skipSeen().call('evt_1', id)).rejects.toThrow(/needs a text or a number|at most 1000 characters/)
  })
})
