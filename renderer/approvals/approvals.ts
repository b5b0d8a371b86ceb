import { ORPCError } from '@orpc/client'
import { z } from 'zod'
import type { Approval } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { type Answer, cache, patchAnswer, queries, useAnswer } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'
import { approvalKey, withAnswered } from './answered-approvals.ts'
import type { Filled } from './filled.ts'

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

/**
 * Answers a question. Resolves with what is wrong with what was filled in, by the names of the fields; then nothing was answered. Where it could not be
 * for another reason, a toast says why.
 */
export async function decideApproval(
  approval: Pick<Approval, 'runId' | 'step' | 'scope'>,
  decision: string,
  note: string,
  filled: Filled,
): Promise<ReadonlyMap<string, string>> {
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
      fields: Object.fromEntries(filled),
    })
    patchAnswer<readonly Approval[]>(LIST, (shown) => shown.map((one) => (approvalKey(one) === key ? decided : one)))
    return new Map()
  } catch (thrown) {
    // Before the list is read again: it alone says now whether the question is still open.
    answering.delete(key)
    const wrong = wrongAnswers(thrown)
    if (wrong.size > 0) return wrong
    toast({ title: 'The question could not be answered', detail: describeFailure(thrown).message, tone: 'error' })
    await cache.invalidateQueries({ queryKey: LIST })
    return new Map()
  } finally {
    answering.delete(key)
  }
}

function wrongAnswers(thrown: unknown): ReadonlyMap<string, string> {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'WRONG_ANSWERS') return new Map()
  const { problems = [] } = wrongSchema.safeParse(thrown.data).data ?? {}
  return new Map(problems.map(({ field, message }) => [field, message]))
}

const wrongSchema = z.object({ problems: z.array(z.object({ field: z.string(), message: z.string() })) })
