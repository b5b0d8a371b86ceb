import type { Poll } from '../contract/values.ts'
import type { ShownConnection } from '../ingress/connections.ts'
import type { ShownPoll } from '../ingress/polls.ts'
import { requireZap } from './require.ts'
import { toIsoOrNull } from './run-view.ts'
import { procedures, type ZapServices } from './services.ts'

/** How services are asked what is new, or told to call, for the triggers of a zap. */
export function zapPollProcedures(services: ZapServices) {
  const { polls, connections } = services
  const zapOf = requireZap(services)
  return {
    polls: procedures.zaps.polls
      .use(zapOf)
      .handler(({ input }) => [...polls.of(input.id).map(shown), ...connections.of(input.id).map(shownConnection)]),

    subscriptions: procedures.zaps.subscriptions
      .use(zapOf)
      .handler(({ input }) =>
        services.subscriptions
          .of(input.id)
          .map(({ stepId, expiresAt, ...rest }) => ({ ...rest, step: stepId, expiresAt: toIsoOrNull(expiresAt) })),
      ),

    pollNow: procedures.zaps.pollNow.use(zapOf).handler(async ({ input, errors, context: { zap } }) => {
      const poll = await polls.pollNow(input.id, input.step)
      if (poll !== undefined) return shown(poll)
      const connection = await connections.connectNow(input.id, input.step)
      if (connection !== undefined) return shownConnection(connection)
      const message = zap.enabled
        ? `The live version of "${zap.name}" does not poll for the step "${input.step}", or everything is paused: publish it, or resume.`
        : `"${zap.name}" is switched off: it polls once it is on.`
      throw errors.CONFLICT({ message })
    }),
  }
}

function shown({ stepId, everyMs, polledAt, succeededAt, nextAt, isUnderWay, failures, error, note }: ShownPoll): Poll {
  return {
    step: stepId,
    everyMs,
    polledAt: toIsoOrNull(polledAt),
    succeededAt: toIsoOrNull(succeededAt),
    nextAt: toIsoOrNull(nextAt),
    isUnderWay,
    failures,
    error,
    note,
    connection: null,
  }
}

function shownConnection({ state, ...rest }: ShownConnection): Poll {
  const isUnderWay = state === 'connecting'
  return { ...shown({ ...rest, everyMs: 0, isUnderWay, note: null }), everyMs: null, connection: state }
}
