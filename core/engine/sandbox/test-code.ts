import { afterAll } from 'vitest'
import type { Action } from '../../connectors/define.ts'
import { NO_LARGE, runAction } from '../../connectors/test-context.ts'
import { StepError, type StepErrorDetails } from '../../domain/runs/step-error.ts'
import type { TemplateScope } from '../../domain/templates/template.ts'
import { systemClock } from '../../domain/time/clock.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { readSmallJson } from '../../domain/values/json-text.ts'
import { createSandbox } from './sandbox.ts'

/** Runs actions in a real sandbox, in processes of its own, with a short deadline. */
export function testSandbox({ deadlineMs = 1_000 } = {}) {
  const sandbox = createSandbox(systemClock)
  afterAll(() => sandbox.close())
  const { signal } = new AbortController()

  async function run(action: Action, input: JsonObject, scope: TemplateScope = {}): Promise<Json> {
    const zone = 'Europe/Berlin'
    const { output } = await runAction(action, input, {
      scope,
      signal,
      sandbox: (work) => sandbox.run({ ...work, zone, deadlineMs, maxDepth: 200 }, signal),
      large: { ...NO_LARGE, readJson: readSmallJson },
    })
    return output
  }

  return {
    sandbox,
    run,
    /** How a run fails. */
    async failure(...given: Parameters<typeof run>): Promise<StepErrorDetails> {
      const output = await run(...given).catch((error: unknown) => error)
      if (output instanceof StepError) return output.details
      throw output instanceof Error ? output : new Error(`it returned ${JSON.stringify(output)?.slice(0, 200)}`)
    },
  }
}
