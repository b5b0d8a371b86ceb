import { toIso } from './run-view.ts'
import { type HostServices, procedures } from './services.ts'

/** The browsers that may control this host. */
export function sessionProcedures({ sessions }: HostServices) {
  return {
    list: procedures.sessions.list.handler(({ context }) =>
      (sessions?.list() ?? []).map(({ openedAt, lastSeenAt, ...rest }) => ({
        ...rest,
        openedAt: toIso(openedAt),
        lastSeenAt: toIso(lastSeenAt),
        isThis: rest.id === context.session,
      })),
    ),
    end: procedures.sessions.end.handler(({ input, errors }) => {
      if (sessions?.end(input.id) !== true) {
        throw errors.NOT_FOUND({ message: `There is no session "${input.id}": it may have ended already.` })
      }
      return { ok: true }
    }),
    openAddress: procedures.sessions.openAddress.handler(({ errors }) => {
      if (sessions === undefined) {
        throw errors.CONFLICT({ message: 'The desktop app shows its screens in its own window only.' })
      }
      const { ui, expiresAt } = sessions.openAddress()
      return { ui, expiresAt: toIso(expiresAt) }
    }),
    rotate: procedures.sessions.rotate.handler(() => sessions?.rotate() ?? { sessions: 0, addresses: 0 }),
  }
}
