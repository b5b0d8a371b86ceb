import type { ImportResult } from '../contract/values.ts'
import { insertZap } from '../db/zaps.ts'
import { newZapId } from '../domain/ids.ts'
import { isJsonObject } from '../domain/json.ts'
import type { Problem } from '../domain/problem.ts'
import { parseZapFile } from '../domain/validate-zap.ts'
import type { ZapFile } from '../domain/zap-file.ts'
import type { ApiServices } from './services.ts'
import { pathProblems, publishDraft } from './zap-publishing.ts'
import { problemsOf, webhooksOf } from './zap-view.ts'

type Candidate = { file: string; id: string; name: string; zap: ZapFile | null; problems: readonly Problem[] }

/**
 * Imports zap files, all or none. A file with a structural problem is refused; with `enable`, so is one with any problem. An
 * unfinished zap that is not to be enabled is imported as a draft, and its problems are told.
 */
export async function importZaps(
  services: ApiServices,
  files: readonly { file: string; content?: unknown }[],
  enable: boolean,
): Promise<ImportResult[]> {
  const { database, clock, hooksUrl } = { ...services, hooksUrl: services.info().hooksUrl }
  const candidates: Candidate[] = []
  for (const { file, content } of files) {
    const candidate = readCandidate(file, content)
    if (enable && candidate.zap !== null) {
      const others = candidates.flatMap((other) => (other.zap === null ? [] : [{ id: other.id, file: other.zap }]))
      candidate.problems.push(...pathProblems(services, candidate.id, candidate.zap, others))
    }
    candidates.push(candidate)
  }
  const isRefused = (candidate: Candidate): boolean =>
    candidate.problems.some((problem) => enable || problem.severity === 'structure')
  const result = (candidate: Candidate, status: ImportResult['status']): ImportResult => ({
    file: candidate.file,
    id: status === 'refused' ? null : candidate.id,
    name: candidate.name,
    status,
    webhooks:
      candidate.zap === null || status === 'refused'
        ? []
        : webhooksOf(candidate.id, candidate.zap, {
            hooksUrl,
            publicUrlOf: services.webhooks.publicUrlOf,
            pathSecret: services.pathSecret,
          }),
    problems: [...candidate.problems],
  })
  if (candidates.some(isRefused)) return candidates.map((candidate) => result(candidate, 'refused'))

  const now = clock.now()
  await database.write((tx) => {
    for (const { id, zap } of candidates) {
      if (zap === null) continue
      insertZap(tx, { id, draft: zap, now })
      if (enable) publishDraft(tx, { id, draft: zap }, { enable: true, now })
    }
  })
  if (enable) await services.liveZaps.refresh()
  services.bus.zapsChanged(candidates.map((candidate) => candidate.id))
  return candidates.map((candidate) => result(candidate, enable ? 'enabled' : 'draft'))
}

function readCandidate(file: string, content: unknown): Candidate & { problems: Problem[] } {
  const parsed = parseZapFile(content)
  if ('problems' in parsed) {
    const name = isJsonObject(content) && typeof content.name === 'string' ? content.name : file
    return { file, id: newZapId(), name, zap: null, problems: [...parsed.problems] }
  }
  const { zap } = parsed
  return { file, id: newZapId(), name: zap.name, zap, problems: [...problemsOf(zap)] }
}
