/** A piece of the JSON text of a value: as it is, or what the bytes of a large value's file are in it. */
export type DataPart = string | { readonly bytes: Uint8Array; readonly as: 'json' | 'text' | 'base64' }

/** What a sandbox is asked to do. */
export type SandboxWork = {
  /** `code`: JavaScript that reads its values as names. `query`: a JSONata expression over one value. `check`: only looks for mistakes. */
  readonly kind: 'code' | 'query' | 'check-code' | 'check-query'
  readonly source: string
  /** An object of the names that code may read (`input`, and `item` and `index` in a loop), or the value that is queried. */
  readonly data: readonly DataPart[]
}

export type SandboxJob = SandboxWork & {
  /** The IANA name of the zone in which local times are. */
  readonly zone: string
  /** Milliseconds that the work may take. */
  readonly deadlineMs: number
  /** Levels that the result may nest. */
  readonly maxDepth: number
}

/** A line and a column of the source; both begin at 1. */
export type Place = { readonly line: number; readonly column: number }

/** One line that code wrote to its console; `line` is where in the code. */
export type LogLine = { readonly level: string; readonly text: string; readonly line: number | null }

/** Why there is no result. `message` is the end of a sentence. */
export type SandboxFailure = {
  /**
   * `syntax`: it cannot be read; `thrown`: it threw; `result`: what it returned is no JSON; `broken`: the
   * interpreter failed; the others: the limit that it met.
   */
  readonly kind: 'syntax' | 'thrown' | 'result' | 'result-size' | 'time' | 'memory' | 'depth' | 'broken'
  readonly message: string
  readonly place: Place | null
}

export type SandboxAnswer = {
  readonly result: { readonly json: string } | { readonly failure: SandboxFailure }
  readonly logs: readonly LogLine[]
  /** Lines that were written after so many that they were not kept. */
  readonly droppedLogs: number
  /** A limit was met, or the interpreter itself broke: this process is not to be used again. */
  readonly isSpent: boolean
}

export type SandboxQuestion = { readonly id: number; readonly job: SandboxJob }
export type SandboxReply = { readonly id: number; readonly answer: SandboxAnswer }

/** Bytes of JSON that a result may have. */
export const MAX_RESULT_BYTES = 10_485_760
/** Bytes of JSON that a sandbox is given. */
export const MAX_DATA_BYTES = 33_554_432
