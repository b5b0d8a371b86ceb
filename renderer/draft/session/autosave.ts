import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'

/** Milliseconds without a change after which a draft is saved. */
export const SAVE_DELAY_MS = 400
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 15_000

/** How a save ended: the host's new revision, or the one it has in place of the one that we built upon. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'stale'; readonly revision: number }
  /** There is no such zap any more; `message` says so. */
  | { readonly kind: 'gone'; readonly message: string }

/** What the top bar says about the draft. */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'error'; readonly message: string }
  /** Another window saved `revision` meanwhile; a person chooses whose draft stays. */
  | { readonly kind: 'conflict'; readonly revision: number }

export type Autosave = {
  /** Tells of a changed draft, which is then saved after {@link SAVE_DELAY_MS} without another change. */
  changed(draft: ZapFile): void
  /** Saves at once what is not saved yet. False when that failed or a conflict stands in the way. */
  flush(): Promise<boolean>
  /** Builds on another revision from now on, and saves `draft` upon it when there is one. */
  rebase(revision: number, draft: ZapFile | null): void
  readonly revision: number
  readonly hasUnsaved: boolean
}

/**
 * Saves drafts one at a time and in order. A failed save is tried again with growing pauses, always with the newest draft;
 * a stale one is not, as only a person can say whose changes may go, nor one of a zap that was deleted: it is kept until that is back.
 */
export function createAutosave(options: {
  readonly revision: number
  readonly save: (draft: ZapFile, baseRevision: number) => Promise<SaveOutcome>
  readonly onState: (state: SaveState) => void
}): Autosave {
  let revision = options.revision
  let unsaved: ZapFile | null = null
  let sending: Promise<boolean> | null = null
  let conflict = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const wait = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void send(), ms)
  }

  const send = (): Promise<boolean> => {
    clearTimeout(timer)
    if (sending !== null) return sending
    if (unsaved === null || conflict) return Promise.resolve(!conflict)
    const draft = unsaved
    unsaved = null
    options.onState({ kind: 'saving' })
    sending = options
      .save(draft, revision)
      .then(
        (outcome) => settle(draft, outcome),
        (error: unknown) => fail(draft, error),
      )
      .finally(() => {
        sending = null
      })
    return sending
  }

  const settle = (draft: ZapFile, outcome: SaveOutcome): boolean => {
    failures = 0
    if (outcome.kind === 'stale') {
      unsaved ??= draft
      conflict = true
      options.onState({ kind: 'conflict', revision: outcome.revision })
      return false
    }
    if (outcome.kind === 'gone') {
      unsaved ??= draft
      options.onState({ kind: 'error', message: outcome.message })
      return false
    }
    revision = outcome.revision
    if (unsaved === null) options.onState({ kind: 'saved' })
    else wait(SAVE_DELAY_MS)
    return true
  }

  const fail = (draft: ZapFile, error: unknown): boolean => {
    unsaved ??= draft
    failures += 1
    options.onState({ kind: 'error', message: error instanceof Error ? error.message : String(error) })
    wait(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)))
    return false
  }

  return {
    changed(draft) {
      unsaved = draft
      if (conflict) return
      options.onState({ kind: 'saving' })
      // After a failure the growing pause goes on: typing must not turn it into a hail of attempts.
      if (failures === 0) wait(SAVE_DELAY_MS)
    },
    async flush() {
      if (sending !== null && !(await sending)) return false
      while (unsaved !== null) if (!(await send())) return false
      return true
    },
    rebase(base, draft) {
      revision = base
      conflict = false
      failures = 0
      unsaved = draft
      if (draft === null) options.onState({ kind: 'saved' })
      else void send()
    },
    get revision() {
      return revision
    },
    get hasUnsaved() {
      return unsaved !== null || sending !== null
    },
  }
}
