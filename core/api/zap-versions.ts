import { findZap, findZapVersion, listPublishedVersions } from '../db/zaps.ts'
import { toIso } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

/** The history of what was published of a zap. */
export function zapVersionProcedures({ database }: ApiServices) {
  const { reader } = database
  return {
    versions: procedures.zaps.versions.handler(async ({ input, errors }) => {
      const zap = await findZap(reader, input.id)
      if (zap === undefined) throw errors.NOT_FOUND({ message: `There is no zap ${input.id}.` })
      const versions = await listPublishedVersions(reader, input.id)
      return versions.map(({ number, createdAt }) => ({
        number,
        publishedAt: toIso(createdAt),
        isLive: number === zap.liveVersion,
      }))
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
