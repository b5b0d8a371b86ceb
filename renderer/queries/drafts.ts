import type { SavedDraft, ZapDetail, ZapSummary } from '../../core/contract/values.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { cache, patchAnswer, queries } from './queries.ts'

/**
 * The question for a zap with its draft. It is asked while the code of the editor is still on its way, and the answer is given up with the
 * editor: it may be large.
 */
export const zapQuestion = (id: string) => queries.zaps.get.queryOptions({ input: { id }, gcTime: 10_000 })

/** Asks for a zap that is about to be opened. */
export function askForZap(id: string): void {
  void cache.prefetchQuery(zapQuestion(id))
}

/** A zap as it is now. */
export function readZap(id: string): Promise<ZapDetail> {
  return cache.fetchQuery(zapQuestion(id))
}

/** The newest revision of each draft that was saved in this window. */
const saved = new Map<string, number>()

/** The revision of a zap's draft that this window saved last; -1 when it saved none. */
export function savedHere(zapId: string): number {
  return saved.get(zapId) ?? -1
}

/** Takes what this window saved into the answers that it has, so that none of them has to be asked for again. */
export function noteSavedDraft(zapId: string, draft: ZapFile, news: SavedDraft): void {
  saved.set(zapId, news.draftRevision)
  patchAnswer<ZapDetail>(queries.zaps.get.queryKey({ input: { id: zapId } }), (zap) => ({ ...zap, ...news, draft }))
  const { name, draftDiffers, uses, triggerSummary, updatedAt, review } = news
  const summary: Partial<ZapSummary> = { name, draftDiffers, uses, triggerSummary, updatedAt, review }
  patchAnswer<ZapSummary[]>(queries.zaps.list.queryKey(), (zaps) =>
    zaps.map((zap) => (zap.id === zapId ? { ...zap, ...summary } : zap)),
  )
}

/** Takes a zap as the host has just answered it into the answers that this window has. */
export function noteZap(zap: ZapDetail): void {
  cache.setQueryData<ZapDetail>(queries.zaps.get.queryKey({ input: { id: zap.id } }), zap)
}
