import type { TunnelStatus } from '../contract/values.ts'
import type { LiveWebhook } from '../ingress/live-triggers.ts'
import { publicUrlOf } from '../ingress/public-access.ts'
import type { TunnelKeeper } from '../tunnel/tunnel-keeper.ts'
import { toIso } from './run-view.ts'
import { type HostServices, procedures } from './services.ts'

/** The tunnel as the status tells it. `webhooks`: those that are listened to. */
export function tunnelView(
  tunnels: Pick<TunnelKeeper, 'state' | 'settings' | 'formerUrl'>,
  webhooks: readonly Pick<LiveWebhook, 'zapId' | 'zapName' | 'path'>[],
): TunnelStatus {
  const state = tunnels.state()
  const isOpen = state.kind === 'open'
  const isDown = state.kind === 'down'
  const former = tunnels.formerUrl()
  return {
    state: state.kind,
    provider: tunnels.settings().way?.provider ?? null,
    url: isOpen ? state.access.url : null,
    since: isOpen ? toIso(state.since) : null,
    checkedAt: isOpen ? toIso(state.checkedAt) : null,
    why: isDown ? state.why : null,
    retryAt: isDown && state.retryAt !== null ? toIso(state.retryAt) : null,
    moved:
      isOpen && former !== null
        ? {
            from: former,
            webhooks: webhooks.flatMap(({ zapId, zapName, path }) => {
              const url = publicUrlOf({ ...state.access, baseUrl: state.access.url }, path)
              return url === null ? [] : [{ zapId, zapName, url }]
            }),
          }
        : null,
  }
}

export function tunnelProcedures({ tunnels }: HostServices) {
  return {
    settings: procedures.tunnel.settings.handler(() => tunnels.settings()),
    configure: procedures.tunnel.configure.handler(async ({ input }) => {
      await tunnels.configure(input)
      return tunnels.settings()
    }),
    retry: procedures.tunnel.retry.handler(() => {
      tunnels.retry()
      return { ok: true as const }
    }),
    acknowledge: procedures.tunnel.acknowledge.handler(async () => {
      await tunnels.acknowledge()
      return { ok: true as const }
    }),
  }
}
