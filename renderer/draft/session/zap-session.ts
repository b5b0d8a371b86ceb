import { QueryObserver } from '@tanstack/react-query'
import type { ZapDetail } from '../../../core/contract/values.ts'
import type { Problem } from '../../../core/domain/zap/problem.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { api } from '../../api/client.ts'
import { onResumed } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { noteSavedDraft, noteZap, zapQuestion } from '../../queries/drafts.ts'
import { cache } from '../../queries/queries.ts'
import { withPositions } from '../layout/tidy-layout.ts'
import { type Autosave, createAutosave, type SaveOutcome } from './autosave.ts'
import { createDraftStore, type DraftStore } from './draft-store.ts'
import { keepHistory } from './kept-histories.ts'
import { staleRevision } from './stale-draft.ts'

/** An open zap: its state, and what the editor asks of the host about it. */
export type ZapSession = {
  readonly store: DraftStore
  /** Saves what is not saved yet; false when that was not possible. */
  save(): Promise<boolean>
  /** Makes the draft live, as a version that may have a name. Returns what stands in the way, or null. */
  publish(name?: string): Promise<Failure | null>
  /** Lets events start the zap, or no longer. Returns what stands in the way, or null. */
  setEnabled(enabled: boolean): Promise<Failure | null>
  /** After a conflict: takes over the other draft (undo brings ours back) or saves ours over it. */
  resolveConflict(keep: 'mine' | 'theirs'): Promise<void>
  /** Brings the zap back after it was deleted elsewhere, and saves what was not saved yet. Returns what stands in the way, or null. */
  bringBack(): Promise<Failure | null>
  /** Follows the host, until the returned function is called; that saves what is left, and keeps the history. */
  follow(): () => void
}

export function openSession(detail: ZapDetail): ZapSession {
  const { id } = detail
  // The autosave speaks to the store and the store to the autosave; the first change comes after both are made.
  const store = createDraftStore(detail, (draft) => autosave.changed(draft))
  const state = () => store.getState()
  const autosave: Autosave = createAutosave({
    revision: detail.draftRevision,
    onState: (save) => state().setSave(save),
    save: async (draft, baseRevision): Promise<SaveOutcome> => {
      try {
        const saved = await api.zaps.saveDraft({ id, baseRevision, draft })
        noteSavedDraft(id, draft, saved)
        state().hear({ ...state().host, ...saved })
        return { kind: 'saved', revision: saved.draftRevision }
      } catch (thrown) {
        const revision = staleRevision(thrown)
        if (revision !== null) return { kind: 'stale', revision }
        const { code, message } = describeFailure(thrown)
        if (code === 'NOT_FOUND') {
          state().setGone(true)
          return { kind: 'gone', message }
        }
        throw thrown
      }
    },
  })

  const hear = ({ draft: _ours, ...host }: ZapDetail): void => state().hear(host)

  const takeOver = (theirs: ZapDetail): void => {
    const draft = withPositions(theirs.draft)
    state().change(() => draft)
    // The change that was just recorded is the host's own draft: there is nothing to save about it.
    autosave.rebase(theirs.draftRevision, null)
    hear(theirs)
  }

  /** The host's answer that was taken in last: only another one is news. */
  let heard: ZapDetail | undefined
  const hearNews = (now: ZapDetail): void => {
    if (now === heard) return
    heard = now
    // The answer was overtaken by a save.
    if (now.draftRevision < autosave.revision) return
    // Another window or the command line changed the draft, and nothing of ours is unsaved: show theirs.
    if (now.draftRevision > autosave.revision && !autosave.hasUnsaved) takeOver(now)
    else hear(now)
  }

  const attempt = async (change: () => Promise<ZapDetail>): Promise<Failure | null> => {
    try {
      const now = await change()
      noteZap(now)
      hear(now)
      return null
    } catch (thrown) {
      const failure = describeFailure(thrown)
      if (failure.code === 'NOT_FOUND') state().setGone(true)
      if (failure.problems.length > 0) showProblems(store, failure.problems)
      return failure
    }
  }

  return {
    store,
    save: () => autosave.flush(),
    publish: async (name) =>
      (await autosave.flush())
        ? attempt(() => api.zaps.publish({ id, enable: true, ...(name !== undefined && { name }) }))
        : UNSAVED,
    setEnabled: async (enabled) => {
      // Switching on may publish the draft, which must be the one on the screen. Switching off must always work.
      if (enabled && !(await autosave.flush())) return UNSAVED
      return attempt(() => api.zaps.setEnabled({ id, enabled }))
    },
    resolveConflict: async (keep) => {
      try {
        const theirs = await api.zaps.get({ id })
        const mine: ZapFile = state().history.present
        if (keep === 'theirs') takeOver(theirs)
        else autosave.rebase(theirs.draftRevision, mine)
      } catch (thrown) {
        state().setSave({ kind: 'error', message: describeFailure(thrown).message })
      }
    },
    bringBack: async () => {
      const failure = await attempt(() => api.zaps.restore({ id }))
      if (failure === null) {
        state().setGone(false)
        void autosave.flush()
      }
      return failure
    },
    follow: () => {
      // Another failure than that the zap is gone is not shown: the next event or the connection's return asks again.
      const stopFollowing = new QueryObserver(cache, zapQuestion(id)).subscribe(({ data, error, isSuccess }) => {
        if (error !== null) state().setGone(describeFailure(error).code === 'NOT_FOUND')
        if (data === undefined || !isSuccess) return
        state().setGone(false)
        hearNews(data)
      })
      const stopResumed = onResumed(() => void autosave.flush())
      const flush = (): void => void autosave.flush()
      const flushHidden = (): void => {
        if (document.visibilityState === 'hidden') flush()
      }
      window.addEventListener('pagehide', flush)
      document.addEventListener('visibilitychange', flushHidden)
      return () => {
        stopFollowing()
        stopResumed()
        window.removeEventListener('pagehide', flush)
        document.removeEventListener('visibilitychange', flushHidden)
        flush()
        keepHistory(id, state().history)
      }
    },
  }
}

const UNSAVED: Failure = {
  code: 'UNSAVED',
  message: 'The draft could not be saved, so the host does not know it yet. It is tried again by itself.',
  problems: [],
  details: '',
}

function showProblems(store: DraftStore, problems: readonly Problem[]): void {
  const { host, hear } = store.getState()
  hear({ ...host, problems: [...problems] })
}
