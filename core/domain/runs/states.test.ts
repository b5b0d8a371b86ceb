import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  canMove,
  isTerminal,
  NEVER,
  OUTBOX_STATES,
  outboxTransitions,
  RUN_STATES,
  runTransitions,
  STEP_STATES,
  SUBSCRIPTION_STATES,
  sourcesOf,
  stepTransitions,
  subscriptionTransitions,
} from './states.ts'

const machines = [
  {
    name: 'outbox message',
    states: OUTBOX_STATES as readonly string[],
    transitions: outboxTransitions as Machine,
    start: ['pending', 'outgoing'],
  },
  { name: 'run', states: RUN_STATES as readonly string[], transitions: runTransitions as Machine, start: 'running' },
  {
    name: 'step run',
    states: STEP_STATES as readonly string[],
    transitions: stepTransitions as Machine,
    start: 'pending',
  },
  {
    name: 'subscription',
    states: SUBSCRIPTION_STATES as readonly string[],
    transitions: subscriptionTransitions as Machine,
    start: 'pending',
  },
]
type Machine = { readonly [state: string]: readonly string[] }

const TERMINAL = {
  'outbox message': ['delivered', 'dead', 'cancelled'],
  run: ['succeeded', 'failed', 'cancelled'],
  'step run': ['succeeded', 'failed', 'skipped'],
  subscription: ['ending'],
} as Record<string, string[]>

describe.each(machines)('the states of a $name', ({ name, states, transitions, start }) => {
  it('are those of its table, which leads only among them', () => {
    expect(Object.keys(transitions).sort()).toEqual([...states].sort())
    for (const followers of Object.values(transitions)) {
      expect(new Set(followers).size).toBe(followers.length)
      for (const follower of followers) expect(states).toContain(follower)
    }
  })

  it('can all be reached, and end only where they should', () => {
    const reached = new Set([start].flat())
    for (const state of reached) for (const follower of transitions[state] ?? []) reached.add(follower)
    expect([...reached].sort()).toEqual([...states].sort())
    expect(states.filter((state) => isTerminal(transitions, state)).sort()).toEqual(TERMINAL[name]?.sort())
  })

  it('move exactly as the table says, seen from either end', () => {
    for (const from of states) {
      for (const to of states) {
        const allowed = transitions[from]?.includes(to) ?? false
        expect(canMove(transitions, from, to)).toBe(allowed)
        expect(sourcesOf(transitions, to).includes(from)).toBe(allowed)
      }
    }
  })

  const drawing = new URL('../../../docs/state-machines.md', import.meta.url)
  it.runIf(existsSync(drawing))('are all drawn in docs/state-machines.md', () => {
    const text = readFileSync(drawing, 'utf8')
    for (const state of states) expect(text).toContain(state)
  })
})

describe('what a step may wait for', () => {
  it('has an end that a date can show, also without a limit', () => {
    expect(new Date(NEVER).toISOString()).toBe('+275760-09-13T00:00:00.000Z')
    expect(Number.isNaN(new Date(NEVER + 1).getTime())).toBe(true)
  })
})
