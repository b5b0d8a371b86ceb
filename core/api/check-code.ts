import { z } from 'zod'
import type { CodeProblem } from '../contract/connector-manifest.ts'
import { isDynamicText } from '../domain/templates/template.ts'
import { MAX_JSON_DEPTH } from '../domain/values/json.ts'
import { fieldSubject } from '../domain/zap/field-subject.ts'
import type { Problem } from '../domain/zap/problem.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import { type CoreServices, procedures } from './services.ts'

type Language = 'javascript' | 'jsonata'

/** Milliseconds in which code is read: what takes longer is not complained about. */
const CHECK_MS = 2_000

const codeFieldsSchema = z.record(
  z.string(),
  z.looseObject({
    ui: z.looseObject({ widget: z.string().optional(), language: z.string().optional() }).optional(),
  }),
)

/** Looks for mistakes in code where code runs, so that the same is a mistake in both. */
export function codeProcedures(services: CoreServices) {
  return {
    check: procedures.code.check.handler(({ input: { language, code }, signal }) =>
      mistakesIn(services, language, code, signal),
    ),
  }
}

/** Code in the steps of a draft that cannot be read. Its connectors must be loaded. */
export async function codeProblems(services: CoreServices, draft: ZapFile): Promise<Problem[]> {
  const found = await Promise.all(
    draft.steps.map(async (step) => {
      const problems = codeFields(services, step).map(async ({ name, language, code }) => {
        // A host without room for a process has nothing to say of code; the run will.
        const mistakes = await mistakesIn(services, language, code).catch(() => [])
        return mistakes.map(({ line, column, message }): Problem => {
          const said = `${fieldSubject([name], step)} has a mistake at line ${line}, column ${column}: ${message}.`
          return { severity: 'field', code: 'code-syntax', step: step.id, field: `input.${name}`, message: said }
        })
      })
      return (await Promise.all(problems)).flat()
    }),
  )
  return found.flat()
}

async function mistakesIn(
  { sandbox }: CoreServices,
  language: Language,
  code: string,
  signal = new AbortController().signal,
): Promise<CodeProblem[]> {
  const kind = language === 'javascript' ? 'check-code' : 'check-query'
  const job = { kind, source: code, data: [], zone: 'UTC', deadlineMs: CHECK_MS, maxDepth: MAX_JSON_DEPTH } as const
  const { result } = await sandbox.run(job, signal)
  if (!('failure' in result)) return []
  const { kind: why, message, place } = result.failure
  return why === 'syntax' || why === 'thrown' ? [{ ...(place ?? { line: 1, column: 1 }), message }] : []
}

/** The fields of a step that hold code, by their form; not those that a template makes up while the zap runs. */
function codeFields({ catalogue }: CoreServices, step: Step): { name: string; language: Language; code: string }[] {
  const { input, verbatim = [] } = catalogue.manifest(step.uses) ?? {}
  return Object.entries(codeFieldsSchema.safeParse(input?.properties).data ?? {}).flatMap(([name, { ui }]) => {
    const code = step.input[name]
    const isChecked = ui?.widget === 'code' && (ui.language === 'javascript' || ui.language === 'jsonata')
    if (!isChecked || typeof code !== 'string' || code.trim() === '') return []
    if (!verbatim.includes(name) && isDynamicText(code)) return []
    return [{ name, language: ui.language === 'jsonata' ? 'jsonata' : 'javascript', code }]
  })
}
