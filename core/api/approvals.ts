import { decideApproval, findApprovals, listOpenApprovals } from '../db/approvals.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { answerStep } from '../db/step-runs.ts'
import { requireRun } from './require.ts'
import { approvalView, toIso } from './run-view.ts'
import { procedures, type RunServices } from './services.ts'

export function approvalProcedures(services: RunServices) {
  const { database, clock } = services
  const { reader } = database
  const runOf = requireRun(services).mapInput(({ runId }: { runId: string }) => ({ id: runId }))

  return {
    list: procedures.approvals.list.handler(async () =>
      (await listOpenApprovals(reader)).map((approval) => approvalView(approval, approval)),
    ),

    decide: procedures.approvals.decide.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      const { runId, step: stepId, scope, decision, note = null } = input
      const now = clock.now()
      const isDecided = await services.outbox.resume(run, (tx) => {
        if (!decideApproval(tx, { runId, stepId, scope }, decision, note, now)) return false
        const answer = JSON.stringify({ decision, note, decidedAt: toIso(now) })
        answerStep(tx, { runId, stepId, scope, waitFor: 'person' }, answer)
        wakeMessage(tx, runId, now)
        return true
      })
      const approval = (await findApprovals(reader, runId)).find((row) => row.stepId === stepId && row.scope === scope)
      if (approval === undefined) {
        throw errors.NOT_FOUND({ message: `The step "${stepId}" of the run ${runId} asks for no decision.` })
      }
      if (!isDecided) {
        const what = approval.decision ?? 'expired'
        throw errors.CONFLICT({
          message: `This was ${what} already${approval.decidedAt === null ? '' : ` at ${toIso(approval.decidedAt)}`}.`,
        })
      }
      return approvalView(approval, run)
    }),
  }
}
