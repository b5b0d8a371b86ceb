import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import { openCloudflared } from './cloudflared.ts'
import { openLocaltunnel } from './localtunnel.ts'
import { openManual } from './manual.ts'
import { openNgrok } from './ngrok.ts'
import type { OpenTunnelBy } from './open-tunnel.ts'
import { openRelay } from './relay.ts'
import { openSsh } from './ssh.ts'

/** Opens a tunnel in the way that was chosen. */
export const openTunnel: OpenTunnelBy<TunnelWay> = (way, site) => {
  switch (way.provider) {
    case 'cloudflared':
      return openCloudflared(way, site)
    case 'ssh':
      return openSsh(way, site)
    case 'localtunnel':
      return openLocaltunnel(way, site)
    case 'ngrok':
      return openNgrok(way, site)
    case 'relay':
      return openRelay(way, site)
    case 'manual':
      return openManual(way, site)
  }
}
