import type { Json, JsonObject } from './domain/values/json.ts'
import { enableZap, runToEnd, testApp } from './test-app.ts'

/** One step as a zap file has it, the event that its run begins with (read as `go`), and what it must come to. */
export type StepRow = {
  readonly uses: string
  readonly input: JsonObject
  readonly event?: Json
} & ({ readonly gives: Json } | { readonly fails: { readonly code: string; readonly says: RegExp } })

/** Runs each of the steps as a zap of its own, from its file to its end, and returns what came of it beside what was to come. */
export async function runSteps(rows: Readonly<Record<string, StepRow>>) {
  const { client } = await testApp()
  const found: Record<string, unknown> = {}
  const wanted: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(rows)) {
    const id = await enableZap(client, {
      name,
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'step', uses: row.uses, input: row.input, settings: { retry: { maxAttempts: 1 } } },
      ],
      edges: [{ from: 'go', to: 'step' }],
    })
    const { run, steps } = await runToEnd(client, id, row.event ?? {})
    const step = steps.find((one) => one.step === 'step')
    if ('gives' in row) {
      found[name] = run.status === 'succeeded' ? step?.output : run.reason
      wanted[name] = row.gives
    } else {
      const error = step?.attempts.at(-1)?.error
      found[name] = { code: error?.code, says: row.fails.says.test(error?.message ?? '') || error?.message }
      wanted[name] = { code: row.fails.code, says: true }
    }
  }
  return { found, wanted }
}
