import { Unplug, Zap } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import type { CanvasHandle } from '../canvas/canvas-actions.ts'
import { ZapCanvas } from '../canvas/zap-canvas.tsx'
import { DraftContext } from '../draft/session/draft-store.ts'
import { LiveRunsContext, useRunsOf } from '../draft/session/live-runs.ts'
import { openSession, type ZapSession } from '../draft/session/zap-session.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { readZap } from '../queries/drafts.ts'
import { openAsKept, useIsWide, widen } from '../stores/inspector-width.ts'
import { Button } from '../ui/controls/button.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { CanvasAnnouncer } from './canvas-announcer.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DeletedZap } from './deleted-zap.tsx'
import { RunBanner } from './run-banner.tsx'
import { SidePanel, type SideView } from './side-panel.tsx'
import { TopBar } from './top-bar.tsx'

/** The editor of one zap: what can be added, the canvas, and the form of what is selected. */
export function EditorPage({ zapId }: { zapId: string }) {
  const [session, setSession] = useState<ZapSession | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens the zap again
  useEffect(() => {
    let closed = false
    let stop: (() => void) | null = null
    const open = async (): Promise<void> => {
      try {
        const detail = await readZap(zapId)
        if (closed) return
        const opened = openSession(detail)
        stop = opened.follow()
        setSession(opened)
        setFailure(null)
      } catch (thrown) {
        if (!closed) setFailure(describeFailure(thrown))
      }
    }
    void open()
    return () => {
      closed = true
      stop?.()
    }
  }, [zapId, attempt])
  useEffect(() => onResumed(() => setAttempt((now) => (session ? now : now + 1))), [session])

  if (session) return <OpenZap session={session} />
  return (
    <main className="flex flex-1 items-center justify-center">
      {failure ? (
        <NotOpened failure={failure} onRetry={() => setAttempt(attempt + 1)} />
      ) : (
        <Spinner label="Opening the zap…" />
      )}
    </main>
  )
}

/** The editor, as long as there is something to edit: a zap that was deleted elsewhere has its session kept, with what was not saved. */
function OpenZap({ session }: { session: ZapSession }) {
  return useStore(session.store, (state) => state.isGone) ? (
    <DeletedZap session={session} />
  ) : (
    <Editor session={session} />
  )
}

function Editor({ session }: { session: ZapSession }) {
  const canvas = useRef<CanvasHandle>(null)
  const { focusOn } = session.store.getState()
  const runs = useRunsOf(session)
  const [side, setSide] = useState<SideView>('add')
  const [isSideOpen, setSideOpen] = useState(false)
  const isSingle = useStore(session.store, (state) => state.selected.length === 1)
  const isWide = useIsWide() && isSingle
  const standsBefore = runs.paused?.step
  useEffect(() => {
    if (standsBefore !== undefined) canvas.current?.point(standsBefore)
  }, [standsBefore])
  const showOutline = (): void => {
    // A person who asks for the outline by keyboard goes on in it: it has to be there now, not in some frame that a busy page paints later.
    flushSync(() => {
      setSide('outline')
      setSideOpen(true)
    })
    document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus()
  }
  return (
    <DraftContext value={session.store}>
      <LiveRunsContext value={runs}>
        <main className="flex min-h-0 min-w-0 flex-1 flex-col">
          <TopBar session={session} />
          <div className="relative flex min-h-0 flex-1">
            <div inert={isWide} className="flex min-h-0">
              <SidePanel canvas={canvas} view={side} onView={setSide} isOpen={isSideOpen} onOpen={setSideOpen} />
            </div>
            <div inert={isWide} className="relative flex min-w-0 flex-1 flex-col">
              <RunBanner />
              <ZapCanvas
                handle={canvas}
                onOpenStep={(id, wide) => {
                  if (wide) widen()
                  else openAsKept()
                  focusOn(id, null)
                }}
                onSave={() => void session.save()}
                onOutline={showOutline}
              />
            </div>
            <Inspector onLeave={(id) => canvas.current?.show(id)} />
          </div>
          <ConflictDialog session={session} />
          <CanvasAnnouncer />
        </main>
      </LiveRunsContext>
    </DraftContext>
  )
}

function NotOpened({ failure, onRetry }: { failure: Failure; onRetry(): void }) {
  const [, navigate] = useLocation()
  const isGone = failure.code === 'NOT_FOUND'
  return (
    <EmptyState
      icon={isGone ? Zap : Unplug}
      title={isGone ? 'This zap is not there' : 'The zap could not be opened'}
      action={
        <>
          <Button onClick={() => navigate('/zaps')}>All zaps</Button>
          {!isGone && (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {isGone ? 'It was deleted, or the address is wrong.' : failure.message}
    </EmptyState>
  )
}
