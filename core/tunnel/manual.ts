import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import type { OpenTunnelBy } from './open-tunnel.ts'

/** A way in that the user keeps open: a reverse proxy, a router, a tunnel of their own. Only its address is known here. */
export const openManual: OpenTunnelBy<Extract<TunnelWay, { provider: 'manual' }>> = async ({
  url,
  addressHeader = null,
}) => ({
  url,
  isFresh: false,
  onlyPath: null,
  addressHeader,
  closed: new Promise(() => undefined),
  close: () => Promise.resolve(),
})
