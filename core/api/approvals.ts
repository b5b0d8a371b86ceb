import { z } from 'zod'
import { findApproval, listOpenApprovals } from '../db/approvals.ts'
import { decisionOf, type FormField, storedQuestion } from '../domain/runs/question.ts'
import { plainFilename } from '../domain/values/file-name.ts'
import type { Json } from '../domain/values/json.ts'
import { answersIn, type Entered, enteredIn, textsFor } from '../ingress/forms/form-answers.ts'
import type { FormFile } from '../ingress/parse-multipart.ts'
import { answerQuestion } from '../outbox/answer-question.ts'
import { requireRun } from './require.ts'
import { approvalView, toIso } from './run-view.ts'
import { procedures, type RunServices } from './services.ts'

/** A file as those send it who are no browser. */
const sentFileSchema = z.object({
  filename: z.string().max(1_000),
  contentType: z.string().max(200).default('application/octet-stream'),
  base64: z.base64(),
})

export function approvalProcedures(services: RunServices) {
  const { database, clock, answerLink, values } = services
  const { reader } = database
  const runOf = requireRun(services).mapInput(({ runId }: { runId: string }) => ({ id: runId }))

  async function fileOf(value: Json | undefined): Promise<FormFile | null> {
    if (value === undefined || value === null) return null
    const { filename, contentType, base64 } = sentFileSchema.parse(value)
    const content = Buffer.from(base64, 'base64')
    return {
      filename: plainFilename(filename),
      contentType,
      bytes: content.length,
      content: await values.keepBytes(content),
    }
  }

  async function enteredFor(field: FormField, value: Json | undefined): Promise<Entered> {
    if (field.type !== 'file') return enteredIn(field, textsFor(field, value), null)
    try {
      return enteredIn(field, [], await fileOf(value))
    } catch {
      const problem = 'A file is { "filename", "contentType", "base64" }, with its content as base64.'
      return { texts: [], file: null, problem }
    }
  }

  return {
    list: procedures.approvals.list.handler(async () =>
      (await listOpenApprovals(reader)).map((approval) => approvalView(approval, approval, answerLink)),
    ),

    decide: procedures.approvals.decide.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      const { runId, step: stepId, scope, decision, note = null, fields = {} } = input
      const at = { runId, stepId, scope }
      const asked = await findApproval(reader, at)
      if (asked === undefined) {
        throw errors.NOT_FOUND({ message: `The step "${stepId}" of the run ${runId} asks for no decision.` })
      }
      const question = storedQuestion(asked.form)
      const decided = decisionOf(question, decision)
      if (decided === null) {
        const known = question.answers.map(({ id }) => `"${id}"`).join(', ')
        throw errors.NOT_FOUND({ message: `The question has no answer "${decision}"; choose one of ${known}.` })
      }
      const unknown = Object.keys(fields).find((name) => !question.fields.some((field) => field.name === name))
      const entered = new Map<string, Entered>()
      for (const field of question.fields) {
        const required = field.required && decision !== 'declined'
        const value = Object.hasOwn(fields, field.name) ? fields[field.name] : undefined
        entered.set(field.name, await enteredFor({ ...field, required }, value))
      }
      const problems = [
        ...(unknown === undefined ? [] : [{ field: unknown, message: 'The question has no such field.' }]),
        ...[...entered].flatMap(([field, { problem }]) => (problem === null ? [] : [{ field, message: problem }])),
      ]
      const [first] = problems
      // One that was decided already is refused for that, also where something was filled in.
      if (first !== undefined && asked.decision === null) {
        throw errors.WRONG_ANSWERS({ message: `${first.field}: ${first.message}`, data: { problems } })
      }
      const answer = { ...decided, note, via: 'app' as const, fields: answersIn(question.fields, entered) }
      const isDecided =
        asked.decision === null &&
        (await answerQuestion({ outbox: services.outbox, clock, pack: values.pack }, run, at, answer))
      const approval = (await findApproval(reader, at)) ?? asked
      if (!isDecided) {
        const what = approval.choice ?? approval.decision ?? 'expired'
        throw errors.CONFLICT({
          message: `This was ${what === approval.choice ? `answered "${what}"` : what} already${approval.decidedAt === null ? '' : ` at ${toIso(approval.decidedAt)}`}.`,
        })
      }
      return approvalView(approval, run, answerLink)
    }),
  }
}
