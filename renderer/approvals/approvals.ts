import type { Approval, Decision } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { type Answer, cache, patchAnswer, queries, useAnswer } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'
import { approvalKey, withAnswered } from './answered-approvals.ts'

/** The keys of the questions whose answers are on their way. */
const answering = new Set<string>()

const LIST = queries.approvals.list.queryKey()

/**
 * The open questions that runs ask, and those that were answered here since the screen was opened, the oldest first. What was answered
 * stays in its place, so that nothing moves under the pointer.
 */
export function useApprovals(): Answer<readonly Approval[]> {
  return useAnswer({
    queryKey: LIST,
    queryFn: async () => {
      const open = await api.approvals.list()
      return withAnswered(open, cache.getQueryData<readonly Approval[]>(LIST) ?? [], answering)
    },
    // When the screen is left, what was answered is forgotten.
    gcTime: 0,
  })
}

/** Answers a question, and returns it answered; where it could not be, a toast says why. */
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
    patchAnswer<readonly Approval[]>(LIST, (shown) => shown.map((one) => (approvalKey(one) === key ? decided : one)))
    return decided
  } catch (thrown) {
    // Before the list is read again: it alone says now whether the question is still open.
    answering.delete(key)
    toast({ title: 'The question could not be answered', detail: describeFailure(thrown).message, tone: 'error' })
    await cache.invalidateQueries({ queryKey: LIST })
    return null
  } finally {
    answering.delete(key)
  }
}
