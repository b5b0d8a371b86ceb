import { skipToken, useQuery } from '@tanstack/react-query'
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { RehearsalView, RunDetail } from '../../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../../core/domain/runs/states.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import type { Stepping } from '../../../core/domain/zap/stepping.ts'
import { api } from '../../api/client.ts'
import { onAppEvent } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { cache, queries } from '../../queries/queries.ts'
import { breakpointsOf } from '../../stores/breakpoints.ts'
import { toast } from '../../ui/layers/toast.tsx'
import type { DraftStore } from './draft-store.ts'
import type { ZapSession } from './zap-session.ts'

/** The host tells of every change of a run; this often we look by ourselves, in case a message was lost. */
const SAFETY_NET_MS = 2_000

/** Runs of the draft, shown on the canvas as they go. */
export type LiveRuns = {
  /** Whether one is being started or under way; a paused one is not. */
  readonly isRunning: boolean
  /** Where the test stands that is shown, when it is paused. */
  readonly paused: RunDetail['paused']
  /** Runs the whole draft: to its end, or step by step, or to the next breakpoint. */
  start(pauses?: Stepping['pauses']): Promise<void>
  /** Does the step before which the test stands, and stops before the next one, or goes on to the next breakpoint. */
  goOn(pauses: Stepping['pauses']): Promise<void>
  /** Takes the run off the canvas, and follows it no more; it goes on. */
  hide(): void
  /** Ends a paused test. */
  stop(): Promise<void>
  /** Tests a step: alone, with `outputs` for the steps before it, or with all before it. Returns why it cannot be tested, or null. */
  test(
    stepId: string,
    runs: 'only-step' | 'all-before',
    outputs: Readonly<Record<string, Json>>,
  ): Promise<Failure | null>
  /** What the draft, up to a step, would do to files: nothing is touched. */
  rehearse(stepId: string): Promise<{ readonly rehearsal: RehearsalView | null; readonly failure: Failure | null }>
}

export const LiveRunsContext = createContext<LiveRuns | null>(null)

/** The runs of the open zap's draft. Must stand inside an editor. */
export function useLiveRuns(): LiveRuns {
  const runs = use(LiveRunsContext)
  if (!runs) throw new Error('useLiveRuns needs an open zap around it')
  return runs
}

/** Starts runs of the draft and shows on the canvas what becomes of the newest. */
export function useRunsOf(session: ZapSession): LiveRuns {
  const { store } = session
  const [runId, setRunId] = useState<string | null>(null)
  /** The newest run that was started or found here: a test, which is worked with. Others are only looked at. */
  const [ownId, setOwnId] = useState<string | null>(null)
  /** Whether a run was taken off the canvas: then none comes there by itself, until a test is started. */
  const isHidden = useRef(false)
  const [isStarting, setStarting] = useState(false)
  const shown = useStore(store, (state) => state.run)
  const paused = shown?.run.id === runId ? (shown?.paused ?? null) : null

  const begin = useCallback(
    async (ask: (zapId: string) => Promise<{ readonly runId: string }>): Promise<Failure | null> => {
      setStarting(true)
      try {
        if (!(await session.save())) return null
        const { host, run, setRun } = store.getState()
        // A test that is left standing is of no use.
        if (run?.paused != null) await api.runs.cancel({ id: run.run.id }).catch(() => undefined)
        setRun(null)
        const own = (await ask(host.id)).runId
        isHidden.current = false
        setOwnId(own)
        setRunId(own)
        return null
      } catch (thrown) {
        return describeFailure(thrown)
      } finally {
        setStarting(false)
      }
    },
    [session, store],
  )

  const rehearse = useCallback(
    async (step: string) => {
      try {
        // What is on the screen is what is shown.
        await session.save()
        const rehearsal = await api.zaps.rehearse({ id: store.getState().host.id, step })
        return { rehearsal, failure: null }
      } catch (thrown) {
        return { rehearsal: null, failure: describeFailure(thrown) }
      }
    },
    [session, store],
  )

  // A test that was left paused is there again when its zap is opened.
  useEffect(() => {
    let isGone = false
    const { host } = store.getState()
    api.runs.list({ zapId: host.id, status: 'waiting' }).then(
      ({ runs }) => {
        const test = runs.find((run) => run.waitsFor === 'pause')
        if (isGone || test === undefined) return
        setOwnId(test.id)
        setRunId((now) => now ?? test.id)
      },
      () => undefined, // It can be seen, and ended, among the runs.
    )
    return () => {
      isGone = true
    }
  }, [store])

  // What comes in while the zap is open is shown as it goes, the newest once the one before it has ended.
  useEffect(
    () =>
      onAppEvent((event) => {
        if (event.type !== 'runs' || isHidden.current) return
        const { host, run } = store.getState()
        const newest = event.runs
          .filter((one) => one.zapId === host.id && !one.test)
          .reduce<string | null>((found, { id }) => (found === null || id > found ? id : found), null)
        if (newest === null || (run !== null && (run.paused !== null || run.run.id >= newest))) return
        setRunId((now) => now ?? newest)
      }),
    [store],
  )

  const { data: detail } = useQuery(
    queries.runs.get.queryOptions({
      input: runId === null ? skipToken : { id: runId },
      refetchInterval: SAFETY_NET_MS,
    }),
  )
  useEffect(() => {
    if (runId === null || detail === undefined) return
    store.getState().setRun(detail)
    const { status } = detail.run
    // What has ended stays on the canvas, and is not followed any more.
    if (isTerminal(runTransitions, status) || status === 'needs-review') setRunId(null)
  }, [detail, runId, store])

  /** Asks something of the test that is paused, and shows at once what became of it. */
  const tell = useCallback(
    async (title: string, ask: (runId: string) => Promise<unknown>): Promise<void> => {
      if (runId === null) return
      setStarting(true)
      try {
        await ask(runId)
        await cache.invalidateQueries({ queryKey: queries.runs.get.key({ input: { id: runId } }) })
      } catch (thrown) {
        const failure = describeFailure(thrown)
        // It was asked twice, or another window was faster: where it stands now is told anyway.
        if (failure.code !== 'CONFLICT') toast({ title, detail: failure.message, tone: 'error' })
      } finally {
        setStarting(false)
      }
    },
    [runId],
  )

  const isRunning = isStarting || (runId !== null && runId === ownId && paused === null)
  return useMemo(
    () => ({
      isRunning,
      paused,
      goOn: (pauses) =>
        tell('The test could not go on', async (id) => {
          if (paused === null) return
          const { step, scope } = paused
          await api.runs.goOn({ id, step, scope, stepping: steppingOf(store, pauses) })
        }),
      hide: () => {
        isHidden.current = true
        setRunId(null)
        store.getState().setRun(null)
      },
      stop: () => tell('The test could not be stopped', (id) => api.runs.cancel({ id })),
      start: async (pauses) => {
        const stepping = pauses && { stepping: steppingOf(store, pauses) }
        const failure = await begin((id) => api.zaps.run({ id, source: 'draft', ...stepping }))
        if (failure !== null) toast({ title: 'The draft could not be run', detail: failure.message, tone: 'error' })
      },
      test: (step, runs, outputs) => begin((id) => api.zaps.test({ id, step, runs, outputs: { ...outputs } })),
      rehearse,
    }),
    [isRunning, paused, begin, tell, rehearse, store],
  )
}

/** Where a test is to stop: breakpoints of steps that were deleted count no more. */
function steppingOf(store: DraftStore, pauses: Stepping['pauses']): Stepping {
  const { host, history } = store.getState()
  const ids = new Set(history.present.steps.map((step) => step.id))
  return { pauses, breakpoints: breakpointsOf(host.id).filter((id) => ids.has(id)) }
}
