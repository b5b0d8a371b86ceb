import { setImmediate as turn } from 'node:timers/promises'
import type { FileInfo } from '../connectors/action-context.ts'
import type { FolderToWatch } from '../connectors/trigger-sources.ts'
import type { RehearsalView } from '../contract/values.ts'
import type { ZapRow } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'
import { compileZap } from '../domain/zap/graph.ts'
import { partUpTo } from '../domain/zap/part-of-zap.ts'
import type { Problem } from '../domain/zap/problem.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { createFileAccess } from '../files/allowed-files.ts'
import { startingTrigger } from '../outbox/called-zaps.ts'
import { beginDraftRun } from './begin-draft-run.ts'
import { requireReviewed, requireStep, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { samplesOf } from './zap-samples.ts'
import { problemsOf } from './zap-view.ts'

/** How a procedure refuses a draft that cannot be run. */
type Refusals = {
  CONFLICT(said: { message: string }): Error
  INVALID_ZAP(said: { message: string; data: { problems: Problem[] } }): Error
}

/** Milliseconds after which the rest of the files is left out. */
const MOST_MS = 20_000

/** "Show what would happen": what a draft would do to the files that are there now. */
export function zapRehearsalProcedures(services: ZapServices) {
  const { catalogue, folders, rehearse } = services
  const { info } = catalogue
  const nameOf = (step: Step): string => step.name ?? info(step.uses)?.title ?? step.uses

  /** The part of a draft that leads to a step, ready to run; throws what keeps it from that. */
  async function partFor(zap: ZapRow, step: Step, errors: Refusals) {
    await catalogue.load(zap.draft.steps)
    const invalid = (problems: Problem[]) => {
      const [first] = problems
      return errors.INVALID_ZAP({
        message: `What "${nameOf(step)}" would do cannot be shown yet: ${first?.message ?? ''}`,
        data: { problems },
      })
    }
    const broken = (await problemsOf(services, zap.draft)).filter((problem) => problem.severity === 'structure')
    if (broken.length > 0) throw invalid(broken)
    const part = partUpTo(compileZap(zap.draft, info), step.id)
    const trigger = startingTrigger(info, part.zap)
    if (trigger === undefined) {
      throw errors.CONFLICT({ message: `Nothing leads to "${nameOf(step)}": connect it to a trigger first.` })
    }
    const problems = await problemsOf(services, part.zap)
    if (problems.length > 0) throw invalid(problems)
    return { part, trigger }
  }

  return {
    rehearse: procedures.zaps.rehearse
      .use(requireZap(services))
      .use(requireReviewed)
      .use(requireStep)
      .handler(async ({ input: { limit }, errors, context: { zap, step } }): Promise<RehearsalView> => {
        const { part, trigger } = await partFor(zap, step, errors)
        const samples = await samplesOf(services, zap)
        const known = Object.entries(samples).flatMap(([id, { value, from }]): [string, Json][] =>
          // A connector's own example would be taken for something that the step gave.
          from === 'connector' ? [] : [[id, value]],
        )
        const one = rehearse({
          zap: compileZap(part.zap, info),
          zapId: zap.id,
          trigger: trigger.id,
          target: step.id,
          samples: new Map(known),
        })
        const watched = watchedBy(trigger)
        const signal = AbortSignal.timeout(MOST_MS)
        if (watched === null) {
          const line = { path: null, ...(await one(samples[trigger.id]?.value ?? null, signal)) }
          return { folder: null, total: 1, lines: [withLists(line)] }
        }
        const access = createFileAccess(folders)
        const refused = (error: unknown): never => {
          throw errors.CONFLICT({ message: StepError.from(error).message })
        }
        const found = await access.list(watched.folder, watched.glob, signal).catch(refused)
        const { path: place } = await access.info(watched.folder).catch(refused)
        const files = found.filter(({ isFolder }) => !isFolder).toSorted((a, b) => (a.path < b.path ? -1 : 1))
        const lines: RehearsalView['lines'] = []
        for (const file of files.slice(0, limit)) {
          if (signal.aborted) break
          const line = await one(eventOf(watched, file), signal).catch(() => null)
          if (line === null) break
          lines.push(withLists({ path: file.path, ...line }))
          await turn()
        }
        return { folder: place, total: files.length, lines }
      }),

    runOnFiles: procedures.zaps.runOnFiles
      .use(requireZap(services))
      .use(requireReviewed)
      .use(requireStep)
      .handler(async ({ input: { paths }, errors, context: { zap, step } }) => {
        const { part, trigger } = await partFor(zap, step, errors)
        const watched = watchedBy(trigger)
        if (watched === null) {
          throw errors.CONFLICT({ message: `"${nameOf(trigger)}" watches no folder: test the step instead.` })
        }
        const access = createFileAccess(folders)
        const runIds: string[] = []
        for (const path of paths) {
          const file = await access.info(path).catch(() => null)
          if (file === null || 'missing' in file || file.isFolder) continue
          const output = await services.values.pack(eventOf(watched, file))
          const { runId } = await beginDraftRun(services, {
            zap,
            part,
            trigger: { id: trigger.id, output },
            given: new Map(),
            stepping: null,
          })
          runIds.push(runId)
        }
        return { runIds }
      }),
  }

  function watchedBy(trigger: Step): FolderToWatch | null {
    const connector = catalogue.find(trigger.uses)
    if (connector?.kind !== 'trigger' || connector.source.from !== 'folder') return null
    const parsed = connector.input.safeParse(trigger.input)
    return parsed.success ? connector.source.watches(parsed.data) : null
  }
}

/** What a run is told of a file, as by the watch. */
function eventOf({ events: [event = 'created'] }: FolderToWatch, file: FileInfo): JsonObject {
  const { path, name, extension, bytes, modifiedAt } = file
  const folder = path.slice(0, Math.max(1, path.length - name.length - 1))
  return { event, path, name, folder, extension, bytes, modifiedAt }
}

type Line = RehearsalView['lines'][number]

/** As the contract has it: lists that can be written to. */
function withLists({ changes, ...line }: Omit<Line, 'changes'> & { readonly changes: readonly unknown[] }): Line {
  return { ...line, changes: (changes as Line['changes']).map((change) => ({ ...change, makes: [...change.makes] })) } // as rehearsed
}
