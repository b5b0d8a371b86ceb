import { findZapVersion, listPublishedVersions, renameVersion } from '../db/zaps.ts'
import { requireStoredZap } from './require.ts'
import { toIso } from './run-view.ts'
import { procedures, type ZapServices } from './services.ts'

/** The history of what was published of a zap. */
export function zapVersionProcedures(services: ZapServices) {
  const { database, signals } = services
  const { reader } = database
  return {
    versions: procedures.zaps.versions.use(requireStoredZap(services)).handler(async ({ context: { zap } }) => {
      const versions = await listPublishedVersions(reader, zap.id)
      return versions.map(({ number, createdAt, name }) => ({
        number,
        publishedAt: toIso(createdAt),
        isLive: number === zap.liveVersion,
        name,
      }))
    }),

    renameVersion: procedures.zaps.renameVersion.handler(async ({ input, errors }) => {
      const { id, number, name } = input
      const isNamed = await database.write((tx) => renameVersion(tx, id, number, name))
      if (!isNamed) throw errors.NOT_FOUND({ message: `The zap ${id} has no published version ${number}.` })
      signals.emit('zaps:changed', [id])
      return { ok: true }
    }),

    version: procedures.zaps.version.handler(async ({ input, errors }) => {
      const version = await findZapVersion(reader, input.id, input.number)
      if (version === undefined) {
        throw errors.NOT_FOUND({ message: `The zap ${input.id} has no version ${input.number}.` })
      }
      return version.definition
    }),
  }
}
