import { describe, expect, it } from 'vitest'
import { bodyLeft, findBodies, isWithin } from './loops.ts'

describe('findBodies', () => {
  const edges = [
    { from: 'outer', to: 'a', port: 'each' },
    { from: 'a', to: 'inner' },
    { from: 'inner', to: 'b', port: 'each' },
    { from: 'inner', to: 'c', port: 'done' },
    { from: 'outer', to: 'd', port: 'done' },
    { from: 'b', to: 'd' },
    { from: 'gone', to: 'a' },
    { from: 'circle', to: 'a' },
  ]
  const isLoop = (id: string) => id === 'outer' || id === 'inner'
  const bodies = findBodies(['outer', 'a', 'inner', 'b', 'c', 'd'], edges, isLoop)

  it('tells in which body each step lies', () => {
    const loopOf = ['outer', 'a', 'inner', 'b', 'c', 'd', 'gone'].map((id) => bodies.of(id)?.loop ?? null)
    expect(loopOf).toEqual([null, 'outer', 'outer', 'inner', 'outer', null, null])
    expect(bodies.ofLoop('inner')).toEqual({ loop: 'inner', around: { loop: 'outer', around: null } })
    expect(bodies.ofLoop('a')).toBeUndefined()
  })

  it('lists the edges that lead past a loop, and none of what lies nowhere', () => {
    expect(bodies.crossings).toEqual([5])
  })

  it('knows which body lies in which', () => {
    const [outer, inner] = [bodies.ofLoop('outer') ?? null, bodies.ofLoop('inner') ?? null]
    expect([isWithin(inner, outer), isWithin(outer, inner), isWithin(outer, outer), isWithin(outer, null)]).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect([bodyLeft(inner, null), bodyLeft(inner, outer), bodyLeft(outer, inner), bodyLeft(null, inner)]).toEqual([
      outer,
      inner,
      null,
      null,
    ])
  })
})
