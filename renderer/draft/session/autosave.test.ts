import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { blankZap, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { createAutosave, SAVE_DELAY_MS, type SaveOutcome, type SaveState } from './autosave.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** An autosave over a host that answers with what `answers` holds, in order; then with the next revision. */
function setUp(answers: readonly (SaveOutcome | Error)[] = []) {
  const saved: { name: string; base: number }[] = []
  const states: SaveState[] = []
  const left = [...answers]
  const autosave = createAutosave({
    revision: 1,
    onState: (state) => states.push(state),
    save: async (draft: ZapFile, base) => {
      saved.push({ name: draft.name, base })
      const answer = left.shift() ?? { kind: 'saved', revision: base + 1 }
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  return { autosave, saved, states }
}

describe('autosave', () => {
  it('saves once after a pause, with the newest draft', async () => {
    const { autosave, saved, states } = setUp()
    for (const name of ['a', 'ab', 'abc']) autosave.changed(blankZap(name))
    expect(autosave.hasUnsaved).toBe(true)
    await vi.advanceTimersByTimeAsync(SAVE_DELAY_MS)
    expect(saved).toEqual([{ name: 'abc', base: 1 }])
    expect(states.at(-1)).toEqual({ kind: 'saved' })
    expect(autosave.revision).toBe(2)
    expect(autosave.hasUnsaved).toBe(false)
  })

  it('flushes at once, and what changed during a save as well', async () => {
    const { autosave, saved } = setUp()
    autosave.changed(blankZap('one'))
    const flushed = autosave.flush()
    autosave.changed(blankZap('two'))
    expect(await flushed).toBe(true)
    expect(saved).toEqual([
      { name: 'one', base: 1 },
      { name: 'two', base: 2 },
    ])
  })

  it('tries again after a failure, later each time, with what is newest by then', async () => {
    const { autosave, saved, states } = setUp([new Error('gone'), new Error('gone')])
    autosave.changed(blankZap('one'))
    await vi.advanceTimersByTimeAsync(SAVE_DELAY_MS)
    expect(states.at(-1)).toEqual({ kind: 'error', message: 'gone' })
    autosave.changed(blankZap('two'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(saved).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1_999)
    expect(saved).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(saved.at(-1)).toEqual({ name: 'two', base: 1 })
    expect(states.at(-1)).toEqual({ kind: 'saved' })
  })

  it('stops at a conflict until a person chose, then builds on the other revision', async () => {
    const { autosave, saved, states } = setUp([{ kind: 'stale', revision: 7 }])
    autosave.changed(blankZap('mine'))
    expect(await autosave.flush()).toBe(false)
    autosave.changed(blankZap('mine too'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(saved).toHaveLength(1)
    expect(states.at(-1)).toEqual({ kind: 'conflict', revision: 7 })
    autosave.rebase(7, blankZap('mine too'))
    await vi.advanceTimersByTimeAsync(0)
    expect(saved.at(-1)).toEqual({ name: 'mine too', base: 7 })
    expect(states.at(-1)).toEqual({ kind: 'saved' })
  })
})
