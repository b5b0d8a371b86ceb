import { createContext, use } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'
import type { RunDetail, ZapDetail } from '../../../core/contract/values.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { withPositions } from '../layout/tidy-layout.ts'
import { type Annotated, type AnnotationId, hasAnnotation, isAnnotation } from '../operations/annotations.ts'
import type { Inserted } from '../operations/insert-steps.ts'
import type { SaveState } from './autosave.ts'
import { type History, pauseTyping, record, redo, undo } from './history.ts'
import { historyOf } from './kept-histories.ts'

/** A zap as the host knows it, beside the draft, which is ours while the editor is open. */
export type HostZap = Omit<ZapDetail, 'draft'>

/** What the editor shows. Only the canvas knows more: where things are while they are being dragged. */
export type DraftState = {
  readonly host: HostZap
  readonly history: History<ZapFile>
  /** Ids of the selected steps. */
  readonly selected: readonly string[]
  /** The selected notes and frames. */
  readonly marked: readonly AnnotationId[]
  /** The note or frame that is being written, or null. */
  readonly writing: AnnotationId | null
  readonly save: SaveState
  /** Whether the zap was deleted, elsewhere, while it is open here. */
  readonly isGone: boolean
  /** The run whose badges the canvas shows, or null. */
  readonly run: RunDetail | null
  /** Whether fields that were never filled in are complained about: once it was asked what is missing. */
  readonly strict: boolean
  /** A field that is to be focused as soon as its form is there. */
  readonly focus: { readonly step: string; readonly field: string | null } | null

  /** Applies an operation; `field` makes changes to the same field in quick succession one step of undo. */
  change(operation: (zap: ZapFile) => ZapFile, field?: string): void
  /** Applies an operation that makes steps, and selects them. */
  insert(operation: (zap: ZapFile) => Inserted): readonly string[]
  undo(): void
  redo(): void
  /** Takes back (a negative number) or does again so many steps of work at once. */
  goInHistory(steps: number): void
  /** Ends a bout of typing: what follows is undone on its own. */
  pauseTyping(): void
  /** Selects these steps, notes and frames, and nothing else. */
  select(ids: readonly string[], marked?: readonly AnnotationId[]): void
  /** Selects a step, a note or a frame, by its id on the canvas. */
  selectOne(id: string): void
  /** Applies an operation that makes a note or a frame, and begins to write it. */
  annotate(operation: (zap: ZapFile) => Annotated | null): void
  /** Begins to write a note or the title of a frame; null ends that. */
  write(id: AnnotationId | null): void
  /** Selects a step and asks its form to focus a field, its name (`name`) or, with null, its first field. */
  focusOn(step: string, field: string | null): void
  /** From now on every unfinished field says so. */
  beStrict(): void
  /** The field that was asked for has the focus. */
  focusDone(): void
  /** Takes over what the host said; the draft is not touched. */
  hear(host: HostZap): void
  setSave(save: SaveState): void
  setGone(isGone: boolean): void
  setRun(run: RunDetail | null): void
}

export type DraftStore = StoreApi<DraftState>

/** The state of one open zap. `onDraft` hears of every changed draft, undo and redo included. */
export function createDraftStore(detail: ZapDetail, onDraft: (draft: ZapFile) => void): DraftStore {
  const { draft, ...host } = detail
  return createStore<DraftState>()((set, get) => {
    const advance = (history: History<ZapFile>): void => {
      const before = get().history
      if (history === before) return
      const ids = new Set(history.present.steps.map((step) => step.id))
      const selected = get().selected.filter((id) => ids.has(id))
      const marked = get().marked.filter((id) => hasAnnotation(history.present, id))
      set({
        history,
        ...(selected.length < get().selected.length && { selected }),
        ...(marked.length < get().marked.length && { marked }),
      })
      if (history.present !== before.present) onDraft(history.present)
    }
    return {
      host,
      history: historyOf(host.id, withPositions(draft)),
      selected: [],
      marked: [],
      writing: null,
      save: { kind: 'saved' },
      isGone: false,
      run: null,
      strict: false,
      focus: null,
      change: (operation, field) => {
        const { history } = get()
        advance(record(history, operation(history.present), performance.now(), field))
      },
      insert: (operation) => {
        const { history } = get()
        const { zap, ids } = operation(history.present)
        advance(record(history, zap, performance.now()))
        if (ids.length > 0) set({ selected: ids, marked: [] })
        return ids
      },
      undo: () => advance(undo(get().history)),
      redo: () => advance(redo(get().history)),
      goInHistory: (steps) => {
        const step = steps < 0 ? undo : redo
        advance(Array.from({ length: Math.abs(steps) }).reduce<History<ZapFile>>(step, get().history))
      },
      pauseTyping: () => advance(pauseTyping(get().history)),
      select: (selected, marked = []) => {
        const now = get()
        if (!sameList(now.selected, selected)) set({ selected })
        if (!sameList(now.marked, marked)) set({ marked })
      },
      selectOne: (id) => (isAnnotation(id) ? get().select([], [id]) : get().select([id])),
      annotate: (operation) => {
        const { history } = get()
        const made = operation(history.present)
        if (made === null) return
        advance(record(history, made.zap, performance.now()))
        set({ selected: [], marked: [made.id], writing: made.id })
      },
      write: (writing) => set(writing === null ? { writing } : { writing, selected: [], marked: [writing] }),
      focusOn: (step, field) => set({ selected: [step], marked: [], focus: { step, field } }),
      beStrict: () => set({ strict: true }),
      focusDone: () => set({ focus: null }),
      hear: (news) => set({ host: news }),
      setSave: (save) => set({ save }),
      setGone: (isGone) => set({ isGone }),
      setRun: (run) => set({ run }),
    }
  })
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

/** The store of the zap that is open around a component. */
export const DraftContext = createContext<DraftStore | null>(null)

/** A part of the open zap's state. Must stand inside an editor. */
export function useDraft<T>(select: (state: DraftState) => T): T {
  return useStore(useDraftStore(), select)
}

/** The open zap's store, to read or change it without following it. */
export function useDraftStore(): DraftStore {
  const store = use(DraftContext)
  if (!store) throw new Error('useDraft needs an open zap around it')
  return store
}
