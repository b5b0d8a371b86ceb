import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankZap, type Edge, type Step, type ZapFile, zapFileSchema } from '../../../core/domain/zap/zap-file.ts'
import { edgeKey } from '../graph/connection-rules.ts'
import { downstreamOf } from '../graph/step-reach.ts'
import { nudge, resizeByNudge } from '../layout/nudge.ts'
import { tidyLayout } from '../layout/tidy-layout.ts'
import { record, redo, startHistory, TYPING_PAUSE_MS, undo } from '../session/history.ts'
import * as annotations from './annotations.ts'
import { groupAsText, groupFromText } from './clipboard.ts'
import * as draft from './draft-operations.ts'
import * as insert from './insert-steps.ts'
import * as paths from './path-operations.ts'
import { isTrigger, MANIFESTS } from './test-manifests.ts'

type Operation = (zap: ZapFile) => ZapFile

const index = fc.nat({ max: 30 })
const position = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.integer({ min: -2000, max: 2000 }) })
const someManifest = fc.constantFrom(...MANIFESTS)
const path = fc.array(fc.oneof(fc.constantFrom('url', 'headers', 'all', 'left'), fc.nat({ max: 3 })), { maxLength: 3 })
const value = fc.oneof(fc.string(), fc.integer(), fc.constant(undefined), fc.constant({ left: '{{ hook.body }}' }))
const port = fc.constantFrom('main', 'error')
const WAYS = ['up', 'down', 'left', 'right'] as const

function stepAt(zap: ZapFile, n: number): Step | undefined {
  return zap.steps.length === 0 ? undefined : zap.steps[n % zap.steps.length]
}

function edgeAt(zap: ZapFile, n: number): Edge | undefined {
  return zap.edges.length === 0 ? undefined : zap.edges[n % zap.edges.length]
}

function onStep(n: number, change: (zap: ZapFile, step: Step) => ZapFile): Operation {
  return (zap) => {
    const step = stepAt(zap, n)
    return step ? change(zap, step) : zap
  }
}

const PATHS = ['paths']
const PATH_OPERATIONS: readonly ((zap: ZapFile, id: string, at: number) => ZapFile)[] = [
  (zap, id) => paths.addPath(zap, id, PATHS),
  (zap, id, at) => paths.removePath(zap, id, PATHS, at % 3),
  (zap, id, at) => paths.movePath(zap, id, PATHS, at % 3, at % 2 === 0 ? 1 : -1),
  (zap, id, at) => paths.renamePath(zap, id, PATHS, at % 3, `Way ${at}`),
]

function annotationsAt(zap: ZapFile, list: readonly number[]): readonly annotations.AnnotationId[] {
  const ids = [
    ...(zap.notes ?? []).map(({ id }) => annotations.noteKey(id)),
    ...(zap.groups ?? []).map(({ id }) => annotations.groupKey(id)),
  ]
  return list.flatMap((n) => ids[n % Math.max(1, ids.length)] ?? [])
}

function onAnnotation<T>(
  values: fc.Arbitrary<T>,
  change: (zap: ZapFile, id: annotations.AnnotationId, to: T) => ZapFile,
): fc.Arbitrary<Operation> {
  return fc.tuple(index, values).map(([n, to]) => (zap) => {
    const [id] = annotationsAt(zap, [n])
    return id === undefined ? zap : change(zap, id, to)
  })
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(someManifest, position).map(
    ([one, at]): Operation =>
      (zap) =>
        insert.addStep(zap, one, at).zap,
  ),
  fc
    .tuple(someManifest, index, port, position)
    .map(([one, n, from, at]) =>
      onStep(n, (zap, step) => insert.addStepAfter(zap, one, { from: step.id, port: from }, at, isTrigger).zap),
    ),
  fc.tuple(someManifest, index).map(
    ([one, n]): Operation =>
      (zap) => {
        const edge = edgeAt(zap, n)
        return edge ? insert.insertOnEdge(zap, one, edge, isTrigger).zap : zap
      },
  ),
  fc.tuple(index, index).map(([a, n]) =>
    onStep(a, (zap, step) => {
      const edge = edgeAt(zap, n)
      return edge ? insert.spliceIntoEdge(zap, step.id, edge, isTrigger) : zap
    }),
  ),
  fc
    .tuple(index, index, port)
    .map(([a, b, from]) =>
      onStep(a, (zap, step) =>
        draft.connect(zap, { from: step.id, port: from, to: stepAt(zap, b)?.id ?? '' }, isTrigger),
      ),
    ),
  fc.tuple(index, index).map(
    ([n, b]): Operation =>
      (zap) => {
        const edge = edgeAt(zap, n)
        return edge ? draft.reconnect(zap, edge, { ...edge, to: stepAt(zap, b)?.id ?? '' }, isTrigger) : zap
      },
  ),
  index.map(
    (n): Operation =>
      (zap) => {
        const edge = edgeAt(zap, n)
        return edge ? draft.disconnect(zap, [edge]) : zap
      },
  ),
  fc.tuple(index, position).map(([n, at]) => onStep(n, (zap, step) => draft.moveSteps(zap, new Map([[step.id, at]])))),
  fc.tuple(index, path, value).map(([n, at, to]) => onStep(n, (zap, step) => draft.updateInput(zap, step.id, at, to))),
  fc.tuple(index, fc.string()).map(([n, name]) => onStep(n, (zap, step) => draft.renameStep(zap, step.id, name))),
  fc
    .tuple(index, fc.constantFrom('stop', 'continue', 'route'))
    .map(([n, onError]) =>
      onStep(n, (zap, step) => draft.changeStepSettings(zap, step.id, { ...step.settings, onError })),
    ),
  index.map((n) => onStep(n, (zap, step) => draft.toggleDisabled(zap, [step.id]))),
  fc.array(index, { maxLength: 3 }).map(
    (list): Operation =>
      (zap) => {
        return draft.deleteSteps(
          zap,
          list.flatMap((n) => stepAt(zap, n)?.id ?? []),
        )
      },
  ),
  fc.array(index, { maxLength: 4 }).map(
    (list): Operation =>
      (zap) => {
        return insert.duplicateSteps(
          zap,
          list.flatMap((n) => stepAt(zap, n)?.id ?? []),
        ).zap
      },
  ),
  fc.tuple(fc.array(index, { maxLength: 3 }), fc.array(index, { maxLength: 2 }), position).map(
    ([list, more, at]): Operation =>
      (zap) => {
        const ids = list.flatMap((n) => stepAt(zap, n)?.id ?? [])
        const copied = insert.copySteps(zap, ids, annotationsAt(zap, more))
        const text = groupFromText(groupAsText(copied))
        return text === null ? zap : insert.pasteSteps(insert.withoutGroup(zap, copied), text, at).zap
      },
  ),
  fc.tuple(index, index).map(([a, n]) =>
    onStep(a, (zap, step) => {
      const edge = edgeAt(zap, n)
      return edge ? insert.moveIntoEdge(zap, step.id, edge, isTrigger) : zap
    }),
  ),
  fc.constant((zap: ZapFile) => draft.moveSteps(zap, tidyLayout(zap))),
  fc
    .tuple(index, value)
    .map(([n, to]) => onStep(n, (zap, step) => draft.replaceInput(zap, step.id, { body: to ?? null }))),
  fc
    .tuple(index, index, fc.constantFrom(...PATH_OPERATIONS))
    .map(([n, at, change]) => onStep(n, (zap, step) => change(zap, step.id, at))),
  position.map((at) => (zap: ZapFile) => annotations.addNote(zap, at).zap),
  fc.tuple(fc.array(index, { maxLength: 3 }), fc.string()).map(
    ([list, title]): Operation =>
      (zap) => {
        const ids = list.flatMap((n) => stepAt(zap, n)?.id ?? [])
        return annotations.addGroup(zap, ids, title.slice(0, 200))?.zap ?? zap
      },
  ),
  onAnnotation(fc.string(), (zap, id, text) => annotations.writeAnnotation(zap, id, text)),
  onAnnotation(position, (zap, id, at) => annotations.moveAnnotations(zap, new Map([[id, at]]))),
  onAnnotation(fc.tuple(position, fc.nat({ max: 30_000 }), fc.nat({ max: 30_000 })), (zap, id, [at, width, height]) =>
    annotations.resizeAnnotation(zap, id, { ...at, width, height }),
  ),
  onAnnotation(fc.constant(null), (zap, id) => annotations.deleteAnnotations(zap, [id])),
  fc
    .tuple(fc.array(index, { maxLength: 3 }), fc.array(index, { maxLength: 2 }), fc.constantFrom(...WAYS))
    .map(([steps, marked, way]) => (zap: ZapFile) => {
      const ids = steps.flatMap((n) => zap.steps[n % Math.max(1, zap.steps.length)]?.id ?? [])
      return resizeByNudge(nudge(zap, ids, annotationsAt(zap, marked), way), annotationsAt(zap, marked), way)
    }),
  fc.string().map(
    (name): Operation =>
      (zap) =>
        draft.renameZap(zap, name),
  ),
  fc.string().map(
    (text): Operation =>
      (zap) =>
        draft.describeZap(zap, text),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (maxParallel): Operation =>
      (zap) =>
        draft.changeZapSettings(zap, { maxParallel }),
  ),
)
const operations = fc.array(operation, { maxLength: 40 })

describe('any sequence of operations', () => {
  it('leaves a draft that can be stored, with unique ids and edges, no loop and nothing leading into a trigger', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const zap = list.reduce((current, change) => change(current), blankZap('Test'))
        expect(zapFileSchema.safeParse(zap).error).toBeUndefined()
        const ids = new Set(zap.steps.map((step) => step.id))
        expect(ids.size).toBe(zap.steps.length)
        expect(new Set(zap.edges.map(edgeKey)).size).toBe(zap.edges.length)
        for (const edge of zap.edges) {
          expect(ids.has(edge.from) && ids.has(edge.to)).toBe(true)
          expect(isTrigger(zap.steps.find((step) => step.id === edge.to)?.uses ?? '')).toBe(false)
          expect(edge.to === edge.from || downstreamOf(zap.edges, edge.to).has(edge.from)).toBe(false)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('is taken back to the very start by undo, and brought to the very end by redo', () => {
    const timed = fc.array(
      fc.record({
        change: operation,
        field: fc.option(fc.constantFrom('a', 'b')),
        wait: fc.integer({ min: 0, max: 2 * TYPING_PAUSE_MS }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(timed, (list) => {
        const start = blankZap('Test')
        let history = startHistory(start)
        let at = 0
        for (const { change, field, wait } of list) {
          at += wait
          history = record(history, change(history.present), at, field)
        }
        const end = history.present
        while (history.past.length > 0) history = undo(history)
        expect(history.present).toBe(start)
        expect(undo(history)).toBe(history)
        while (history.future.length > 0) history = redo(history)
        expect(history.present).toBe(end)
        expect(redo(history)).toBe(history)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves a draft that an export and an import bring back as it is', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const zap = list.reduce((current, change) => change(current), blankZap('Test'))
        // What the host exports is this text, and what it imports is parsed by this schema.
        expect(zapFileSchema.parse(JSON.parse(JSON.stringify(zap, null, 2)))).toEqual(zap)
      }),
      { numRuns: 300 },
    )
  })

  it('never touches the draft that it was given', () => {
    fc.assert(
      fc.property(operations, operation, (list, last) => {
        const zap = list.reduce((current, change) => change(current), blankZap('Test'))
        const before = structuredClone(zap)
        last(zap)
        expect(zap).toEqual(before)
      }),
    )
  })
})
