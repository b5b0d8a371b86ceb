import { create } from 'zustand'
import type { Approval, Decision } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { throttle } from '../stores/throttle.ts'
import { toast } from '../ui/layers/toast.tsx'
import { approvalKey, withAnswered } from './answered-approvals.ts'

type Approvals = {
  /** Open questions, and those that were answered here since the screen was opened, the oldest first; null until they were read. */
  readonly approvals: readonly Approval[] | null
  readonly failure: Failure | null
}

/** The questions that runs ask. */
export const useApprovals = create<Approvals>(() => ({ approvals: null, failure: null }))

/** The keys of the questions whose answers are on their way. */
const answering = new Set<string>()

/** Reads the open questions. What was answered here stays in its place, so that nothing moves under the pointer. */
export async function loadApprovals(): Promise<void> {
  try {
    const open = await api.approvals.list()
    useApprovals.setState(({ approvals }) => ({
      approvals: withAnswered(open, approvals ?? [], answering),
      failure: null,
    }))
  } catch (thrown) {
    useApprovals.setState({ failure: describeFailure(thrown) })
  }
}

/** Forgets what was answered, when nobody looks any more. */
export function leaveApprovals(): void {
  useApprovals.setState({ approvals: null, failure: null })
}

/** Answers a question; what became of it is told by a toast if it could not be answered. Gives the answered question. */
export async function decideApproval(
  approval: Pick<Approval, 'runId' | 'step' | 'scope'>,
  decision: Extract<Decision, 'approved' | 'declined'>,
  note: string,
): Promise<Approval | null> {
  const { runId, step, scope } = approval
  const key = approvalKey(approval)
  answering.add(key)
  try {
    const decided = await api.approvals.decide({
      runId,
      step,
      scope,
      decision,
      ...(note.trim() !== '' && { note: note.trim() }),
    })
    useApprovals.setState(({ approvals }) => ({
      approvals: approvals?.map((one) => (approvalKey(one) === key ? decided : one)) ?? null,
    }))
    return decided
  } catch (thrown) {
    // Before the list is read again: it alone says now whether the question is still open.
    answering.delete(key)
    toast({ title: 'The question could not be answered', detail: describeFailure(thrown).message, tone: 'error' })
    await loadApprovals()
    return null
  } finally {
    answering.delete(key)
  }
}

const loadSoon = throttle(300, () => void loadApprovals())

// A question comes and goes with a run that waits, and the status counts them.
onAppEvent((event) => {
  const isShown = useApprovals.getState().approvals !== null
  if (isShown && (event.type === 'status' || event.type === 'runs')) loadSoon()
})
onResumed(() => {
  if (useApprovals.getState().approvals !== null) loadSoon()
})
