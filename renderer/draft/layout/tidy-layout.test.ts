import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blankZap,
  EACH_PORT,
  type Edge,
  type Group,
  type Step,
  type ZapFile,
} from '../../../core/domain/zap/zap-file.ts'
import { distanceBetween } from '../graph/nearest-place.ts'
import { GAP_X, NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { boundsOf, type Rect } from '../graph/rect.ts'
import { addGroup, addNote, groupKey, insideOf } from '../operations/annotations.ts'
import { record, redo, startHistory, undo } from '../session/history.ts'
import { loopBodies, loopFrames } from './loop-frames.ts'
import { tidyLayout, tidyZap } from './tidy-layout.ts'

const step = (id: string): Step => ({ id, uses: 'x.y', input: {} })

/** Graphs without loops: edges only lead from a lower to a higher number. */
const graph = fc.integer({ min: 1, max: 25 }).chain((count) =>
  fc
    .array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 40 })
    .map((pairs): { steps: Step[]; edges: Edge[] } => ({
      steps: Array.from({ length: count }, (_, n) => step(`s${n}`)),
      edges: pairs.filter(([a, b]) => a < b).map(([a, b]) => ({ from: `s${a}`, to: `s${b}` })),
    })),
)

describe('tidy layout', () => {
  it('places every step, none on another, and every edge downwards', () => {
    fc.assert(
      fc.property(graph, (zap) => {
        const at = tidyLayout(zap)
        expect(at.size).toBe(zap.steps.length)
        const all = [...at.values()]
        for (const [index, a] of all.entries()) {
          for (const b of all.slice(index + 1)) {
            expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true)
          }
        }
        for (const edge of zap.edges) expect(at.get(edge.to)?.y).toBeGreaterThan(at.get(edge.from)?.y ?? 0)
      }),
    )
  })

  it('draws a chain as one column and a fork around the step that it leaves', () => {
    const at = tidyLayout({
      steps: ['hook', 'filter', 'a', 'b'].map(step),
      edges: [
        { from: 'hook', to: 'filter' },
        { from: 'filter', to: 'a' },
        { from: 'filter', to: 'b' },
      ],
    })
    expect(at.get('hook')?.x).toBe(at.get('filter')?.x)
    expect(((at.get('a')?.x ?? 0) + (at.get('b')?.x ?? 0)) / 2).toBe(at.get('filter')?.x)
    expect(Math.abs((at.get('a')?.x ?? 0) - (at.get('b')?.x ?? 0))).toBe(NODE_WIDTH + GAP_X)
  })

  it('draws a tree with every step over the middle of those that follow it', () => {
    const steps = Array.from({ length: 63 }, (_, n) => step(`s${n}`))
    const edges = steps.slice(1).map((one, n): Edge => ({ from: `s${Math.floor(n / 2)}`, to: one.id }))
    const at = tidyLayout({ steps, edges })
    for (let n = 0; 2 * n + 2 < 63; n++) {
      const [left, right] = [at.get(`s${2 * n + 1}`)?.x ?? 0, at.get(`s${2 * n + 2}`)?.x ?? 0]
      expect(at.get(`s${n}`)?.x).toBeCloseTo((left + right) / 2, 0)
    }
  })

  it('draws a thousand steps in well under a second', () => {
    const steps = Array.from({ length: 1000 }, (_, n) => step(`s${n}`))
    const edges = steps.slice(1).map((one, n): Edge => ({ from: `s${Math.floor(n / 2)}`, to: one.id }))
    const begun = performance.now()
    expect(tidyLayout({ steps, edges }).size).toBe(1000)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it('survives a loop in an imported draft', () => {
    expect(
      tidyLayout({
        steps: ['a', 'b'].map(step),
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      }).size,
    ).toBe(2)
  })
})

const place = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) })
const size = fc.record({ width: fc.integer({ min: 40, max: 1200 }), height: fc.integer({ min: 40, max: 900 }) })
const port = fc.constantFrom(undefined, EACH_PORT, 'done')

/** Drafts with everything that a canvas can hold, lying about anyhow. */
const draft = fc
  .record({
    places: fc.array(place, { minLength: 1, maxLength: 14 }),
    edges: fc.array(fc.tuple(fc.nat(13), fc.nat(13), port), { maxLength: 24 }),
    notes: fc.array(fc.tuple(place, size), { maxLength: 4 }),
    groups: fc.array(fc.tuple(place, size), { maxLength: 4 }),
  })
  .map(
    ({ places, edges, notes, groups }): ZapFile => ({
      ...blankZap('Untidy'),
      steps: places.map((position, n) => ({ ...step(`s${n}`), position })),
      edges: edges
        .filter(([a, b]) => a < b && b < places.length)
        .map(([a, b, from]): Edge => ({ from: `s${a}`, to: `s${b}`, ...(from !== undefined && { port: from }) })),
      notes: notes.map(([position, box], n) => ({ id: `note-${n}`, text: '', position, ...box })),
      groups: groups.map(([position, box], n) => ({ id: `group-${n}`, title: '', position, ...box })),
    }),
  )

const cardsOf = (zap: ZapFile): ReadonlyMap<string, Rect> =>
  new Map(
    zap.steps.map(({ id, position = { x: 0, y: 0 } }) => [id, { ...position, width: NODE_WIDTH, height: NODE_HEIGHT }]),
  )
const framesOf = (zap: ZapFile) => {
  const loops = new Set(zap.edges.filter((edge) => edge.port === EACH_PORT).map((edge) => edge.from))
  const bodies = loopBodies(zap, ({ id }) => loops.has(id))
  const all = new Map<string, readonly string[]>()
  for (const { loop, steps, inner } of bodies) all.set(loop, [...steps, ...inner.flatMap((id) => all.get(id) ?? [])])
  const cards = cardsOf(zap)
  return loopFrames(bodies, (id) => {
    const at = cards.get(id)
    return at && { ...at, title: id }
  }).map((frame) => ({ ...frame, body: new Set(all.get(frame.loop)) }))
}
const stepsIn = (zap: ZapFile, group: Group): ReadonlySet<string> =>
  new Set([...insideOf(zap, group).keys()].filter((key) => !key.includes(':')))
const boxOf = ({ position, width, height }: Group): Rect => ({ ...position, width, height })
const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const holds = (outer: Rect, inner: Rect): boolean => {
  const all = boundsOf([outer, inner])
  return all !== null && all.width === outer.width && all.height === outer.height
}

describe('tidying a canvas', () => {
  it('keeps loop bodies and groups together, with nothing of others among them, and notes off the cards', () => {
    fc.assert(
      fc.property(draft, (before) => {
        const after = tidyZap(before)
        const cards = cardsOf(after)
        const all = [...cards]
        for (const [index, [id, card]] of all.entries()) {
          for (const [other, box] of all.slice(index + 1))
            expect([id, other, overlap(card, box)]).toEqual([id, other, false])
        }
        const frames = framesOf(after)
        for (const frame of frames) {
          for (const [id, card] of cards)
            expect([frame.loop, id, overlap(frame, card)]).toEqual([frame.loop, id, frame.body.has(id)])
        }
        for (const [index, group] of (after.groups ?? []).entries()) {
          const old = before.groups?.[index]
          const members = old ? stepsIn(before, old) : new Set<string>()
          const now = stepsIn(after, group)
          for (const id of members)
            expect([group.id, id, holds(boxOf(group), cards.get(id) ?? boxOf(group))]).toEqual([group.id, id, true])
          for (const [id, card] of cards)
            expect([group.id, id, overlap(boxOf(group), card)]).toEqual([group.id, id, now.has(id)])
          // They were joined because a smaller group or the body of a loop had to stay whole.
          const wholes = [
            ...frames.map((frame) => frame.body),
            ...(before.groups ?? []).map((one) => stepsIn(before, one)),
          ]
          for (const id of now) expect(members.has(id) || wholes.some((whole) => whole.has(id))).toBe(true)
        }
        const notes = (after.notes ?? []).map(boxOf as (note: object) => Rect)
        for (const [index, note] of notes.entries()) {
          for (const card of cards.values()) expect(overlap(note, card)).toBe(false)
          for (const other of notes.slice(index + 1)) expect(overlap(note, other)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is one step of undo, which restores all exactly', () => {
    fc.assert(
      fc.property(draft, (before) => {
        const once = record(startHistory(before), tidyZap(before), 0)
        expect(undo(once).present).toBe(before)
        expect(redo(undo(once)).present).toBe(once.present)
      }),
    )
  })

  it('draws the body of a loop on the left of what follows the loop, as its ports stand', () => {
    const { steps, edges } = {
      steps: ['loop', 'after', 'body'].map(step),
      edges: [
        { from: 'loop', port: 'done', to: 'after' },
        { from: 'loop', port: EACH_PORT, to: 'body' },
      ],
    }
    const at = tidyLayout({ steps, edges })
    expect(at.get('body')?.x).toBeLessThan(at.get('after')?.x ?? 0)
  })

  it('leaves a note beside the card that it stood beside', () => {
    const zap: ZapFile = {
      ...blankZap('Noted'),
      steps: [
        { ...step('hook'), position: { x: 40, y: 700 } },
        { ...step('one'), position: { x: 900, y: 30 } },
      ],
      edges: [{ from: 'hook', to: 'one' }],
    }
    const noted = addNote(addGroup(zap, ['one'], 'Later')?.zap ?? zap, { x: 300, y: 690 }).zap
    const after = tidyZap(noted)
    const [note] = after.notes ?? []
    const hook = cardsOf(after).get('hook')
    if (!note || !hook) throw new Error('it is gone')
    expect(distanceBetween(boxOf({ ...note, title: '' }), hook)).toBeLessThan(40)
    expect(groupKey(after.groups?.[0]?.id ?? '')).toBe('group:group-1')
  })
})
