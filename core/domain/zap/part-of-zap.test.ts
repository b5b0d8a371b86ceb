import { describe, expect, it } from 'vitest'
import { compileZap } from './graph.ts'
import { partUpTo, wholeZap } from './part-of-zap.ts'
import type { Edge, ZapFile } from './zap-file.ts'

const lookup = (uses: string) => ({
  kind: uses === 'hook' ? ('trigger' as const) : ('action' as const),
  isLoop: uses === 'loop',
})
const zapOf = (uses: Record<string, string>, edges: readonly string[]): ZapFile => ({
  format: 'hookline/zap@1',
  name: 'Test',
  steps: Object.entries(uses).map(([id, name]) => ({ id, uses: name, input: {} })),
  edges: edges.map((text): Edge => {
    const [from = '', port = '', to = ''] = text.split(' ')
    return port === '-' ? { from, to } : { from, port, to }
  }),
})
const partOf = (zap: ZapFile, stepId: string) => {
  // The lookup says only what the graph asks for.
  const { zap: part, givable } = partUpTo(compileZap(zap, lookup as Parameters<typeof compileZap>[1]), stepId)
  return { steps: part.steps.map((step) => step.id), edges: part.edges.length, givable: Object.fromEntries(givable) }
}

describe('the part of a zap that leads to a step', () => {
  it('is the step and all before it, on whatever path', () => {
    const zap = zapOf({ hook: 'hook', paths: 'do', a: 'do', b: 'do', end: 'do' }, [
      'hook - paths',
      'paths yes a',
      'paths no b',
      'a - end',
    ])
    expect(partOf(zap, 'a')).toEqual({ steps: ['hook', 'paths', 'a'], edges: 2, givable: { paths: ['yes'] } })
    expect(partOf(zap, 'b').givable).toEqual({ paths: ['no'] })
    expect(partOf(zap, 'end').steps).toEqual(['hook', 'paths', 'a', 'end'])
  })

  const looped = zapOf({ hook: 'hook', get: 'do', loop: 'loop', one: 'do', two: 'do', side: 'do', after: 'do' }, [
    'hook - get',
    'get - loop',
    'loop each one',
    'one - two',
    'one - side',
    'loop done after',
  ])

  it('takes a loop with its whole body where the step needs its result', () => {
    expect(partOf(looped, 'after').steps).toEqual(['hook', 'get', 'loop', 'one', 'two', 'side', 'after'])
    expect(partOf(looped, 'after').givable).toEqual({ get: ['main'], loop: ['done'] })
    expect(partOf(looped, 'loop').steps).toEqual(['hook', 'get', 'loop', 'one', 'two', 'side'])
  })

  it('takes of the loop around the step only what leads to it, and runs its rounds', () => {
    expect(partOf(looped, 'two')).toEqual({
      steps: ['hook', 'get', 'loop', 'one', 'two'],
      edges: 4,
      givable: { get: ['main'] },
    })
  })
})

describe('what of a whole zap can be given', () => {
  it('is what has one way out, and a loop with all that is in it; not what decides the way, nor what lies in a loop', () => {
    const zap = zapOf({ hook: 'hook', get: 'do', paths: 'do', a: 'do', loop: 'loop', in: 'do', end: 'do' }, [
      'hook - get',
      'get - paths',
      'get error end',
      'paths yes a',
      'a - loop',
      'loop each in',
    ])
    const { givable } = wholeZap(compileZap(zap, lookup as Parameters<typeof compileZap>[1]))
    expect(Object.fromEntries(givable)).toEqual({ get: ['main'], a: ['main'], loop: ['done'], end: ['main'] })
  })
})
