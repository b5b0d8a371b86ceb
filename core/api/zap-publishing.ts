import type { Tx } from '../db/executor.ts'
import { insertVersion, renameVersion, setEnabled, setLiveVersion, type ZapRow } from '../db/zaps.ts'
import type { Problem } from '../domain/zap/problem.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import { claimsOf, findPathConflicts } from '../ingress/live-triggers.ts'
import { readTriggers } from '../ingress/trigger-kinds.ts'
import type { ZapServices } from './services.ts'

/** Webhooks and forms of `file` whose path and method another zap that is switched on has already. */
export async function pathProblems(
  services: ZapServices,
  zapId: string,
  file: ZapFile,
  alsoClaimed: readonly { id: string; file: ZapFile }[] = [],
): Promise<Problem[]> {
  await services.catalogue.load([file, ...alsoClaimed.map((zap) => zap.file)].flatMap(({ steps }) => steps))
  const read = (id: string, definition: ZapFile) =>
    claimsOf(readTriggers(services.catalogue, [{ id, version: 0, definition }], services.pathSecret))
  const claimed = [...claimsOf(services.liveZaps.current()), ...alsoClaimed.flatMap((zap) => read(zap.id, zap.file))]
  return findPathConflicts(claimed, read(zapId, file)).map(({ wanted, owner, method }) => ({
    severity: 'field',
    code: 'path-taken',
    step: wanted.stepId,
    field: 'input.path',
    message: `${method} ${wanted.path} already belongs to the zap "${owner.zapName}": choose another path, or switch that zap off.`,
  }))
}

/** Makes a zap's draft its live version, which may have a name. Returns the version's number. */
export function publishDraft(
  tx: Tx,
  zap: Pick<ZapRow, 'id' | 'draft'>,
  { enable, name, now }: { enable: boolean; name?: string | undefined; now: number },
): number {
  const version = insertVersion(tx, { zapId: zap.id, kind: 'published', definition: zap.draft, now })
  if (name !== undefined) renameVersion(tx, zap.id, version, name)
  setLiveVersion(tx, zap.id, version, now)
  if (enable) setEnabled(tx, zap.id, true, now)
  return version
}
