import { EvalFlags, type QuickJSHandle } from 'quickjs-emscripten-core'
import {
  type DataPart,
  type LogLine,
  MAX_RESULT_BYTES,
  type Place,
  type SandboxAnswer,
  type SandboxFailure,
  type SandboxJob,
} from '../../domain/runs/sandbox.ts'
import { type Interpreter, newInterpreter, type Surroundings } from './interpreter.ts'
import { formsOf, instead, placeAt, placeIn, SOURCE_FILE, type SourceForm, within } from './source-forms.ts'

/** What the console may hold: lines, and characters of all of them. */
const MOST_LOGS = { lines: 1_000, chars: 262_144 }
/** Milliseconds beyond the deadline in which an error is explained. */
const LAST_WORDS_MS = 500
/** Pending jobs of promises that are run before the clock is looked at. */
const JOBS_AT_ONCE = 500

/** `JS_EVAL_FLAG_ASYNC` of quickjs.h, which the package does not name: `await` at the top of a script, whose result is in a promise. */
const AWAITS = 1 << 7

type JobSurroundings = Surroundings & {
  begin(ms: number): void
  /** Leaves so many milliseconds from now, if there are fewer. */
  atLeast(ms: number): void
  /** Lines that stand before the code where it runs. */
  linesBefore: number
  logs(): readonly LogLine[]
  droppedLogs(): number
  /** For another job. */
  reset(): void
}

/** An interpreter that is made ready before a job comes, as most of a small one's time is spent on this. */
export type Prepared = { readonly interpreter: Promise<Interpreter>; readonly around: JobSurroundings }

export function prepare(kind: SandboxJob['kind']): Prepared {
  const around = surroundings()
  const interpreter = newInterpreter(kind === 'code' || kind === 'check-code' ? 'code' : 'query', around)
  // It is awaited by the job, which may come much later.
  interpreter.catch(() => undefined)
  return { interpreter, around }
}

/** An interpreter for the next job of a kind, after one that met no limit. */
export async function prepareAgain(kind: SandboxJob['kind'], { interpreter, around }: Prepared): Promise<Prepared> {
  const used = await interpreter
  if (!used.reset()) return prepare(kind)
  around.reset()
  return { interpreter, around }
}

function surroundings(): JobSurroundings {
  let logs: LogLine[] = []
  let chars = 0
  let dropped = 0
  let until = Number.POSITIVE_INFINITY
  return {
    linesBefore: 0,
    logs: () => logs,
    droppedLogs: () => dropped,
    reset() {
      logs = []
      chars = 0
      dropped = 0
      until = Number.POSITIVE_INFINITY
      this.linesBefore = 0
    },
    begin(ms) {
      until = performance.now() + ms
    },
    atLeast(ms) {
      until = Math.max(until, performance.now() + ms)
    },
    isOver: () => performance.now() > until,
    log(json) {
      chars += json.length
      if (logs.length >= MOST_LOGS.lines || chars > MOST_LOGS.chars) dropped++
      else {
        const { line, ...said }: LogLine = JSON.parse(json)
        logs.push({ ...said, line: line === null ? null : line - this.linesBefore })
      }
    },
  }
}

/** Does a job in an interpreter in which nothing was run. Never rejects. */
export async function runJob(job: SandboxJob, { interpreter, around }: Prepared): Promise<SandboxAnswer> {
  let result: SandboxAnswer['result']
  try {
    const ready = await interpreter
    around.begin(job.deadlineMs)
    result = work(job, ready, around)
  } catch (error) {
    result = { failure: { ...brokenBy(error), place: null } }
  }
  const isSpent = 'failure' in result && ['time', 'memory', 'depth', 'broken'].includes(result.failure.kind)
  return { result, logs: around.logs(), droppedLogs: around.droppedLogs(), isSpent }
}

/** The module itself gave up: it had no memory left to say so in the interpreter's words, its stack ran over, or something is wrong with us. */
function brokenBy(error: unknown): Omit<SandboxFailure, 'place'> {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (error instanceof RangeError || /stack/i.test(message)) return TOO_DEEP
  return name === 'RuntimeError' ? OUT_OF_MEMORY : { kind: 'broken', message: `broke: ${message}` }
}

const OUT_OF_MEMORY = { kind: 'memory', message: 'needs more than 120 MB of memory' } as const
const TOO_DEEP = { kind: 'depth', message: 'calls itself too often, or nests too deeply' } as const

/** Something that was thrown inside the interpreter. */
class Thrown {
  readonly value: QuickJSHandle
  constructor(value: QuickJSHandle) {
    this.value = value
  }
}

function work(
  job: SandboxJob,
  { context, runtime, guest }: Interpreter,
  around: JobSurroundings,
): SandboxAnswer['result'] {
  const { source, kind } = job
  let form: SourceForm = { text: source, isScript: true, linesBefore: 0, columnsBefore: 0 }
  try {
    if (kind === 'check-code') return evaluate(EvalFlags.JS_EVAL_FLAG_COMPILE_ONLY).failure ?? { json: 'null' }
    if (kind === 'code') {
      call('begin', context.newString(dataText(job)))
      const { promise, failure } = evaluate(0)
      return promise === undefined ? failure : finish(settled(promise, form.isScript))
    }
    const compiled = apply(context.getProp(context.global, 'jsonata'), context.undefined, [context.newString(source)])
    if (kind === 'check-query') return { json: 'null' }
    call('begin', context.newString(dataText(job)))
    const data = context.getProp(context.global, 'data')
    const params = context.getProp(context.global, 'params')
    return finish(settled(apply(context.getProp(compiled, 'evaluate'), compiled, [data, params]), false))
  } catch (error) {
    if (!(error instanceof Thrown)) throw error
    return { failure: failureOf(error.value) }
  }

  function apply(callee: QuickJSHandle, self: QuickJSHandle, values: QuickJSHandle[]): QuickJSHandle {
    const result = context.callFunction(callee, self, ...values)
    if (result.error !== undefined) throw new Thrown(result.error)
    return result.value
  }

  function call(name: 'begin' | 'finish' | 'explain', ...values: QuickJSHandle[]): QuickJSHandle {
    return apply(context.getProp(guest, name), guest, values)
  }

  /**
   * Evaluates the code in the first form in which it can be read: what goes wrong later is in the promise, and nothing of a form that cannot be
   * read was run. Of several mistakes the one that is farthest counts.
   */
  function evaluate(flags: number): Evaluated {
    const mistakes: { readonly form: SourceForm; readonly error: QuickJSHandle }[] = []
    for (const one of formsOf(source)) {
      form = one
      around.linesBefore = one.linesBefore
      const result = context.evalCode(one.text, SOURCE_FILE, flags | (one.isScript ? AWAITS : 0))
      if (result.error === undefined) return { promise: result.value }
      // A limit that was met is no mistake, and would be met again.
      if (context.getString(context.getProp(result.error, 'name')) !== 'SyntaxError') throw new Thrown(result.error)
      mistakes.push({ form: one, error: result.error })
    }
    let farthest: SandboxFailure = { ...TOO_DEEP, place: null }
    for (const [index, mistake] of mistakes.entries()) {
      form = mistake.form
      const failure = failureOf(mistake.error)
      if (index === 0 || isBehind(failure.place, farthest.place)) farthest = failure
    }
    return { failure: { failure: farthest.kind === 'thrown' ? syntaxFailure(farthest, source) : farthest } }
  }

  /** What a promise is worth in the end. */
  function settled(promise: QuickJSHandle, isScript: boolean): QuickJSHandle {
    for (;;) {
      const ran = runtime.executePendingJobs(JOBS_AT_ONCE)
      if (ran.error !== undefined) throw new Thrown(ran.error)
      const state = context.getPromiseState(promise)
      if (state.type === 'rejected') throw new Thrown(state.error)
      if (state.type === 'fulfilled') return isScript ? context.getProp(state.value, 'value') : state.value
      if (around.isOver()) throw new Thrown(context.newError({ name: 'InternalError', message: 'interrupted' }))
      if (!runtime.hasPendingJob()) {
        const message = 'it waits for a promise that nothing fulfils'
        throw new Thrown(context.newError({ name: 'Error', message }))
      }
    }
  }

  function finish(value: QuickJSHandle): SandboxAnswer['result'] {
    const result = context.callFunction(context.getProp(guest, 'finish'), guest, value, context.newNumber(job.maxDepth))
    if (result.error !== undefined) {
      const failure = failureOf(result.error)
      // A getter or a toJSON of the code may throw here too; then it has a place.
      return { failure: failure.kind === 'thrown' && failure.place === null ? { ...failure, kind: 'result' } : failure }
    }
    const json = context.getString(result.value)
    const bytes = Buffer.byteLength(json)
    if (bytes <= MAX_RESULT_BYTES) return { json }
    const message = `is ${megabytes(bytes)} as JSON, and may be ${megabytes(MAX_RESULT_BYTES)}: return less of it`
    return { failure: { kind: 'result-size', message, place: null } }
  }

  function failureOf(thrown: QuickJSHandle): SandboxFailure {
    const isLate = around.isOver()
    around.atLeast(LAST_WORDS_MS)
    const explained = context.callFunction(context.getProp(guest, 'explain'), guest, thrown)
    const { name, message, stack, position }: Explained =
      explained.error === undefined
        ? JSON.parse(context.getString(explained.value))
        : { name: '', message: 'it threw something that cannot be shown', stack: '', position: null }
    const place = position === null ? within(source, placeIn(stack, form)) : placeAt(source, position - 1)
    // What was interrupted may have come up as something else: a promise that is never fulfilled, an error around it.
    if (isLate || (name === 'InternalError' && message === 'interrupted')) {
      return { kind: 'time', message: `took longer than its ${job.deadlineMs / 1_000} s`, place }
    }
    if (name === 'InternalError') {
      if (message === 'out of memory') return { ...OUT_OF_MEMORY, place }
      if (message === 'stack overflow') return { ...TOO_DEEP, place }
    }
    const missing = /^'(.{1,40})' is not defined$/.exec(message)?.[1]
    const isModule = message.startsWith('could not load module')
    const remedy = isModule ? NO_MODULES : missing === undefined ? undefined : instead(missing)
    const named = name === '' || name === 'Error' ? message : `${name}: ${message}`
    return { kind: 'thrown', message: remedy === undefined ? named : `${named}; ${remedy}`, place }
  }
}

const NO_MODULES = 'code cannot import modules'

type Evaluated =
  | { readonly promise: QuickJSHandle; readonly failure?: never }
  | { readonly promise?: never; readonly failure: { readonly failure: SandboxFailure } }

type Explained = {
  readonly name: string
  readonly message: string
  readonly stack: string
  /** Of a mistake in a query: how many characters lie before it and in it. */
  readonly position: number | null
}

function syntaxFailure(failure: SandboxFailure, source: string): SandboxFailure {
  const line = source.split('\n')[(failure.place?.line ?? 1) - 1] ?? ''
  const isModule = /^\s*(?:import|export)\b/.test(line)
  const message = isModule
    ? `${NO_MODULES}, or export: it reads "input", and returns its result`
    : failure.message.replace(/^SyntaxError: /, '')
  return { ...failure, kind: 'syntax', message }
}

function isBehind(a: Place | null, b: Place | null): boolean {
  if (a === null || b === null) return b === null
  return a.line > b.line || (a.line === b.line && a.column > b.column)
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

function dataText({ data }: SandboxJob): string {
  return data.map((part) => (typeof part === 'string' ? part : textOf(part))).join('')
}

function textOf({ bytes, as }: Exclude<DataPart, string>): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (as === 'base64') return `"${buffer.toString('base64')}"`
  const text = buffer.toString('utf8')
  return as === 'json' ? text : JSON.stringify(text)
}
