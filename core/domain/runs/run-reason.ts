import { z } from 'zod'
import { formatDuration } from '../time/duration.ts'
import { WAITS, type WaitFor } from './states.ts'

const CUT_OFF_BY = ['interrupted', 'timeout', 'connection'] as const
/** What cut a step's call off: the end of the process, its time limit, or a connection that broke under way. */
export type CutOffBy = (typeof CUT_OFF_BY)[number]

/** A step as it was called when it was meant. */
const stepSchema = z.object({ id: z.string(), name: z.string() })
export type NamedStep = z.infer<typeof stepSchema>

const plainReasonSchema = z.discriminatedUnion('code', [
  /** What was stored as a sentence, before reasons were stored as facts. */
  z.object({ code: z.literal('told'), text: z.string() }),

  // Of a run that waits.
  z.object({ code: z.literal('waits'), step: stepSchema, for: z.enum(WAITS) }),
  /** `problem`: why the input of the step cannot be filled in, if it cannot. */
  z.object({ code: z.literal('paused'), step: stepSchema, problem: z.string().nullable() }),
  z.object({ code: z.literal('queued') }),

  // Of a run that needs review.
  z.object({ code: z.literal('cut-off'), step: stepSchema, by: z.enum(CUT_OFF_BY) }),
  z.object({ code: z.literal('ended-host'), times: z.int() }),
  z.object({ code: z.literal('stood-still') }),

  // Of a run that has ended.
  z.object({ code: z.literal('step-failed'), step: stepSchema, message: z.string() }),
  /** `message`: what the step itself says of it. */
  z.object({ code: z.literal('ended-by'), step: stepSchema, message: z.string().nullable() }),
  /** `because`: why a step of this kind lets nothing through, where that is known. */
  z.object({ code: z.literal('stopped-by'), step: stepSchema, because: z.string().nullable() }),
  z.object({ code: z.literal('timed-out'), limitMs: z.number() }),
  z.object({ code: z.literal('cancelled') }),
  z.object({ code: z.literal('abandoned') }),
  z.object({ code: z.literal('replaced') }),
  /** It never began: with `restart` a newer event came, with `skip` another run was not finished. */
  z.object({ code: z.literal('passed-over'), mode: z.enum(['restart', 'skip']) }),
  z.object({ code: z.literal('left-alone'), minutes: z.number() }),
  z.object({ code: z.literal('not-begun'), message: z.string() }),
  z.object({ code: z.literal('internal'), message: z.string() }),
])

/** `was`: why it needed the review that a person ended it in. */
const stoppedSchema = z.object({ code: z.literal('stopped'), was: plainReasonSchema.nullable() })

/** Why a run is in its state, as facts. Sentences are made of it where a person reads them, by {@link reasonText} alone. */
export const runReasonSchema = z.union([plainReasonSchema, stoppedSchema])
export type PlainReason = z.infer<typeof plainReasonSchema>
export type RunReason = z.infer<typeof runReasonSchema>

/** The reason as an English sentence. */
export function reasonText(reason: RunReason): string {
  switch (reason.code) {
    case 'told':
      return reason.text
    case 'waits':
      return `The step ${nameOf(reason.step)} ${WAIT_TEXTS[reason.for]}`
    case 'paused': {
      const why = reason.problem === null ? '' : ` Its input cannot be filled in: ${reason.problem}`
      return `Paused before the step ${nameOf(reason.step)}.${why}`
    }
    case 'queued':
      return 'Waits for its turn.'
    case 'cut-off': {
      return `The step ${nameOf(reason.step)} ${CUT_OFF_TEXTS[reason.by]}, and repeating it could do it twice: look whether it was done.`
    }
    case 'ended-host':
      return setAside(`ended ${reason.times} times`)
    case 'stood-still':
      return setAside('stood still, and was ended,')
    case 'step-failed':
      return `The step ${nameOf(reason.step)} failed: ${reason.message}`
    case 'ended-by':
      return reason.message ?? `Ended by the step ${nameOf(reason.step)}.`
    case 'stopped-by':
      return `Stopped by ${nameOf(reason.step)}${reason.because === null ? '' : `: ${reason.because}`}.`
    case 'timed-out':
      return `The run took longer than its zap allows (${formatDuration(reason.limitMs)}).`
    case 'cancelled':
      return 'Cancelled by you.'
    case 'abandoned':
      return 'The run that called it has ended.'
    case 'replaced':
      return 'A newer event took its place.'
    case 'passed-over':
      return reason.mode === 'restart'
        ? 'Not begun: a newer event took its place.'
        : 'Not begun: another run of this zap was not finished.'
    case 'left-alone':
      return `Nobody went on with this test for ${reason.minutes} minutes.`
    case 'not-begun':
      return `Hookline could not begin this run: ${reason.message}`
    case 'internal':
      return `Hookline itself failed: ${reason.message}`
    case 'stopped':
      return reason.was === null ? 'Stopped by you.' : `Stopped by you. ${reasonText(reason.was)}`
  }
}

/** What cut it off, as what the step did. */
export const CUT_OFF_TEXTS: Readonly<Record<CutOffBy, string>> = {
  interrupted: 'was at work when Hookline stopped',
  timeout: 'took too long',
  connection: 'lost its connection before the answer came',
}

const WAIT_TEXTS: Readonly<Record<WaitFor, string>> = {
  retry: 'failed and will be tried again.',
  time: 'waits for its time.',
  person: "waits for somebody's decision.",
  run: 'waits for the run that it called.',
  network: 'waits for the network.',
  account: 'waits until you sign in at its service again, under Credentials.',
}

const setAside = (what: string): string =>
  `Hookline ${what} while it worked on this run; it is set aside so that it cannot do so again.`

/** A step as its card says it, and as templates say it. */
const nameOf = ({ name, id }: NamedStep): string => `"${name}" (${id})`

/** A reason as it is stored: what kind it is, and the JSON text of the rest. */
export type StoredReason = { readonly code: string | null; readonly data: string | null }

const NO_REASON: StoredReason = { code: null, data: null }

export function storedReason(reason: RunReason | null): StoredReason {
  if (reason === null) return NO_REASON
  const { code, ...rest } = reason
  return { code, data: JSON.stringify(rest) }
}

/**
 * Reads a stored reason. `text` is what older versions stored in place of code and data. One that cannot be read (the row was changed by
 * hand) says so, as its run can be shown all the same.
 */
export function readReason(stored: StoredReason & { readonly text: string | null }): RunReason | null {
  const { code, data, text } = stored
  if (code === null) return text === null ? null : { code: 'told', text }
  const read = runReasonSchema.safeParse({ ...parsed(data), code })
  return read.success ? read.data : { code: 'told', text: `The stored reason "${code}" cannot be read.` }
}

function parsed(data: string | null): object {
  try {
    const value: unknown = JSON.parse(data ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
