import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { LAZY_BYTES } from '../../domain/values/large-value.ts'
import type { LargeValues, ProgramEnd } from '../action-context.ts'
import { fileValueSchema, keepFile } from './file-value.ts'

/** Characters of what a program wrote that stand beside its failure. */
const SHOWN_OF_FAILURE = 10_000
const OCTETS = 'application/octet-stream'

const exitCode = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?[0-9]{1,10}$/, { error: 'is no exit code, such as 0' })
    .transform(Number),
])

/** The exit codes with which a program has done what it should. */
export const okCodesField = z
  .array(exitCode)
  .min(1, { error: 'needs at least one code, such as 0' })
  .default([0])
  .meta({
    title: 'Codes of success',
    description: 'Any other exit code fails the step.',
    ui: { widget: 'text-list', advanced: true },
  })

/** A text as programs take it, which ends at the character NUL. */
export const withoutNul = z.string().regex(/^[^\0]*$/, { error: 'must not hold the character NUL' })

/** Variables of the environment, by their names. */
export const variablesField = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, { error: 'is not the name of a variable, such as ORDER_ID' }),
  z.union([withoutNul, z.number(), z.boolean(), z.null()]),
)

/** What a program came to. */
export const programOutput = z.object({
  exitCode: z.int(),
  /** UTF-8; what is none is replaced, and stands whole in the file beside it. Text that is too large for a run is a file. */
  stdout: jsonSchema,
  stderr: jsonSchema,
  /** What the program wrote, byte for byte; only where it is no UTF-8. */
  stdoutFile: fileValueSchema.optional(),
  stderrFile: fileValueSchema.optional(),
  ms: z.int(),
})

type Words = Pick<ProgramEnd, 'stdout' | 'stderr'>

/** What a program wrote, as {@link programOutput} has it. */
export async function programWords({ stdout, stderr }: Words, large: Pick<LargeValues, 'keep'>) {
  return {
    stdout: await textIn(stdout, large),
    stderr: await textIn(stderr, large),
    ...(isUtf8(stdout) ? {} : { stdoutFile: await keepFile(large, 'stdout', stdout, OCTETS) }),
    ...(isUtf8(stderr) ? {} : { stderrFile: await keepFile(large, 'stderr', stderr, OCTETS) }),
  }
}

async function textIn(bytes: Uint8Array, large: Pick<LargeValues, 'keep'>): Promise<Json> {
  return bytes.length > LAZY_BYTES ? large.keep(bytes, 'text') : Buffer.from(bytes).toString('utf8')
}

/** A program that did not do what it should. `name` begins the sentence. */
export function programFailed(name: string, end: Omit<ProgramEnd, 'ms'>, mayRepeat: boolean): StepError {
  const [stdout, stderr] = [end.stdout, end.stderr].map((bytes) => Buffer.from(bytes).toString('utf8'))
  const how = end.exitCode === null ? `was ended by ${end.signal}` : `ended with code ${end.exitCode}`
  const said = lastLine(stderr ?? '') || lastLine(stdout ?? '')
  return new StepError({
    code: end.exitCode === null ? 'program-killed' : `exit-${end.exitCode}`,
    message: said === '' ? `${name} ${how}.` : `${name} ${how}: ${said}`,
    // What it did by then it would do again.
    retryable: mayRepeat,
    facts: {
      exitCode: end.exitCode,
      stdout: (stdout ?? '').slice(-SHOWN_OF_FAILURE),
      stderr: (stderr ?? '').slice(-SHOWN_OF_FAILURE),
    },
  })
}

/** The last line in which something stands. */
function lastLine(text: string): string {
  return text.slice(-2_000).trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
}
