import type { Catalogue } from '../connectors/catalogue.ts'
import type { ImportPreview, ImportResult } from '../contract/values.ts'
import { insertZap } from '../db/zaps.ts'
import { newZapId } from '../domain/host/ids.ts'
import type { ZapPermissions } from '../domain/trust/permissions.ts'
import { isJsonObject } from '../domain/values/json.ts'
import type { Problem } from '../domain/zap/problem.ts'
import { parseZapFile } from '../domain/zap/validate-zap.ts'
import { blankZap, type ZapFile } from '../domain/zap/zap-file.ts'
import { codeProblems } from './check-code.ts'
import type { ZapServices } from './services.ts'
import { credentialNameSet, permissionsOfImport, permissionsView } from './zap-permissions.ts'
import { pathProblems, publishDraft } from './zap-publishing.ts'
import { problemsOf, webhooksOf } from './zap-view.ts'

type Candidate = {
  file: string
  id: string
  name: string
  zap: ZapFile | null
  problems: readonly Problem[]
  permissions: ZapPermissions | null
}

/**
 * Imports zap files, all or none. A file with a structural problem is refused; with `enable`, so is one with any problem. An
 * unfinished zap that is not to be enabled is imported as a draft, and its problems are told. To enable a zap is to approve what it names.
 */
export async function importZaps(
  services: ZapServices,
  files: readonly { file: string; content?: unknown; approval?: { denied: readonly string[] } | undefined }[],
  enable: boolean,
): Promise<ImportResult[]> {
  const { database, clock, hooksUrl } = { ...services, hooksUrl: services.info().hooksUrl }
  const candidates: Candidate[] = []
  const credentials = await credentialNameSet(services)
  for (const { file, content, approval } of files) {
    const candidate = await readCandidate(services, file, content, approval ?? (enable ? { denied: [] } : null))
    if (enable && candidate.zap !== null) {
      const others = candidates.flatMap((other) => (other.zap === null ? [] : [{ id: other.id, file: other.zap }]))
      candidate.problems.push(...(await pathProblems(services, candidate.id, candidate.zap, others)))
      candidate.problems.push(...(await codeProblems(services, candidate.zap)))
    }
    candidates.push(candidate)
  }
  const isRefused = (candidate: Candidate): boolean =>
    candidate.problems.some((problem) => enable || problem.severity === 'structure')
  const result = async (candidate: Candidate, status: ImportResult['status']): Promise<ImportResult> => ({
    file: candidate.file,
    id: status === 'refused' ? null : candidate.id,
    name: candidate.name,
    status,
    webhooks:
      candidate.zap === null || status === 'refused'
        ? []
        : webhooksOf(candidate.id, candidate.zap, {
            catalogue: services.catalogue,
            hooksUrl,
            publicUrlOf: services.webhooks.publicUrlOf,
            pathSecret: services.pathSecret,
          }),
    problems: [...candidate.problems],
    ...(await viewOf(services.catalogue, candidate, credentials)),
  })
  if (candidates.some(isRefused)) return Promise.all(candidates.map((candidate) => result(candidate, 'refused')))

  const now = clock.now()
  await database.write((tx) => {
    for (const { id, zap, permissions } of candidates) {
      if (zap === null) continue
      insertZap(tx, { id, draft: zap, permissions, now })
      if (enable) publishDraft(tx, { id, draft: zap }, { enable: true, now })
    }
  })
  await services.permissions.refresh()
  if (enable) await services.liveZaps.refresh()
  services.signals.emit(
    'zaps:changed',
    candidates.map((candidate) => candidate.id),
  )
  return Promise.all(candidates.map((candidate) => result(candidate, enable ? 'enabled' : 'draft')))
}

/** What files say, as a person looks at them before anything is stored. */
export async function previewZaps(
  services: ZapServices,
  files: readonly { file: string; content?: unknown }[],
): Promise<ImportPreview[]> {
  const credentials = await credentialNameSet(services)
  return Promise.all(
    files.map(async ({ file, content }) => {
      const { name, zap, problems, permissions } = await readCandidate(services, file, content, null)
      const shown = zap ?? blankZap(name.slice(0, 200) || file)
      const view = await permissionsView(services.catalogue, permissions, [shown], credentials)
      return { file, name, zap, problems, permissions: view }
    }),
  )
}

async function readCandidate(
  services: Pick<ZapServices, 'catalogue' | 'folders' | 'desktop' | 'apis'>,
  file: string,
  content: unknown,
  approval: { denied: readonly string[] } | null,
): Promise<Candidate & { problems: Problem[] }> {
  const parsed = parseZapFile(content)
  if ('problems' in parsed) {
    const name = isJsonObject(content) && typeof content.name === 'string' ? content.name : file
    return { file, id: newZapId(), name, zap: null, problems: [...parsed.problems], permissions: null }
  }
  const zap = await services.apis.carry(parsed.zap)
  const permissions = await permissionsOfImport(services.catalogue, zap, approval)
  return { file, id: newZapId(), name: zap.name, zap, problems: await problemsOf(services, zap), permissions }
}

async function viewOf(
  catalogue: Catalogue,
  { zap, permissions }: Candidate,
  credentials: ReadonlySet<string>,
): Promise<Pick<ImportResult, 'review' | 'needs'>> {
  if (zap === null) return { review: 'done', needs: [] }
  const { review, items } = await permissionsView(catalogue, permissions, [zap], credentials)
  return { review, needs: items }
}
