import { type Json, jsonEquals } from '../../../core/domain/values/json.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { type History, pauseTyping, startHistory } from './history.ts'

/** Zaps whose history is kept; the one that was left longest ago is forgotten first. */
const KEPT = 10

/** The histories of zaps that were left, by zap id: a person who looks at a run and comes back can still undo. */
const kept = new Map<string, History<ZapFile>>()

/** Keeps the history of a zap that is left, for as long as the window lasts. */
export function keepHistory(zapId: string, history: History<ZapFile>): void {
  kept.delete(zapId)
  kept.set(zapId, pauseTyping(history))
  const [oldest] = kept.keys()
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
}

/** The history that ends with this draft: the kept one, or where another window changed the draft meanwhile, a new one. */
export function historyOf(zapId: string, draft: ZapFile): History<ZapFile> {
  const history = kept.get(zapId)
  return history && sameDraft(history.present, draft) ? history : startHistory(draft)
}

// A draft is JSON: what the host stored comes back without the members that were undefined here.
function sameDraft(a: ZapFile, b: ZapFile): boolean {
  return jsonEquals(JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json)
}
