import { decideApproval, findApprovals, listOpenApprovals } from '../db/approvals.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { findRun } from '../db/runs.ts'
import { answerStep } from '../db/step-runs.ts'
import { approvalView, toIso } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

export function approvalProcedures(services: ApiServices) {
  const { database, clock } = services
  const { reader } = database

  return {
    list: procedures.approvals.list.handler(async () =>
      (await listOpenApprovals(reader)).map((approval) => approvalView(approval, approval)),
    ),

    decide: procedures.approvals.decide.handler(async ({ input, errors }) => {
      const { runId, step: stepId, scope, decision, note = null } = input
      const run = await findRun(reader, runId)
      if (run === undefined) throw errors.NOT_FOUND({ message: `There is no run ${runId}.` })
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
