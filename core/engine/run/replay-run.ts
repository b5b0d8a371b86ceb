import { handleDeadLetters } from '../../db/dead-letters.ts'
import type { Tx } from '../../db/executor.ts'
import { insertMessage } from '../../db/outbox-messages.ts'
import { insertReplay } from '../../db/replays.ts'
import { copyFinishedSteps } from '../../db/step-runs.ts'
import { jsonEquals } from '../../domain/values/json.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import { type Edge, portOf } from '../../domain/zap/zap-file.ts'

export type Replay = {
  /** Id of the new run. */
  readonly runId: string
  /** The run that it repeats. */
  readonly of: { readonly id: string; readonly zapId: string; readonly version: number; readonly eventId: string }
  /** Its event: that of the old run, or an edited one. */
  readonly eventId: string
  readonly version: number
  /** Steps whose finished lines are taken over; none for a replay from the start. */
  readonly keeps: readonly string[]
  readonly now: number
}

/** Puts the repetition of a run into the queue. Dead letters of the old run count as dealt with. */
export function replayRun(tx: Tx, replay: Replay): void {
  const { runId, of, eventId, version, now } = replay
  const { zapId } = of
  insertReplay(tx, { id: runId, of: of.id, zapId, version, eventId, now })
  if (replay.keeps.length > 0) copyFinishedSteps(tx, of.id, runId, replay.keeps)
  insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId, availableAt: now, now })
  handleDeadLetters(tx, zapId, of.id, now)
}

/**
 * Steps of `next` whose results in a run of `before` still hold: they, their connections and all that lies before them are the same.
 * What is called differently, or lies elsewhere on the canvas, is the same.
 */
export function unchangedSteps(before: CompiledZap, next: CompiledZap): string[] {
  if (before === next) return [...next.order]
  const unchanged = new Set<string>()
  for (const id of next.order) {
    const [old, now] = [before.steps.get(id), next.steps.get(id)]
    if (old === undefined || now === undefined) continue
    const isSame =
      old.step.uses === now.step.uses &&
      jsonEquals(old.step.input, now.step.input) &&
      (old.step.settings?.disabled ?? false) === (now.step.settings?.disabled ?? false) &&
      jsonEquals(inboundOf(old.inbound), inboundOf(now.inbound)) &&
      now.inbound.every((edge) => unchanged.has(edge.from)) &&
      bodyText(before, id) === bodyText(next, id)
    if (isSame) unchanged.add(id)
  }
  return [...unchanged]
}

const inboundOf = (edges: readonly Edge[]): string[] => edges.map((edge) => `${edge.from} ${portOf(edge)}`).sort()

/** A loop's result is made by its body: with another body it is another loop. */
function bodyText(zap: CompiledZap, loopId: string): string {
  const body = zap.order.filter((id) => zap.steps.get(id)?.loops.includes(loopId))
  return JSON.stringify(
    body.map((id) => {
      const compiled = zap.steps.get(id)
      return [id, compiled?.step.uses, compiled?.step.input, inboundOf(compiled?.inbound ?? [])]
    }),
  )
}
