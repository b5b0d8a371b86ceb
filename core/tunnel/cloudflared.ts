import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import type { OpenTunnelBy } from './open-tunnel.ts'
import { openByProgram } from './tunnel-program.ts'

/** A quick tunnel of Cloudflare: the program prints a new address at every start, in a box of dashes. */
export const openCloudflared: OpenTunnelBy<Extract<TunnelWay, { provider: 'cloudflared' }>> = (_way, site) =>
  openByProgram(
    {
      command: 'cloudflared',
      args: ['tunnel', '--no-autoupdate', '--url', `http://127.0.0.1:${site.port}`],
      install: 'Install it from developers.cloudflare.com (macOS: "brew install cloudflared"), or choose another way.',
      addressHeader: 'cf-connecting-ip',
      isFresh: true,
      readUrl: (line) => /https:\/\/[a-z0-9-]+\.trycloudflare\.com/.exec(line)?.[0],
      explain: (line) =>
        /failed to request quick Tunnel|dial tcp: lookup/.test(line)
          ? 'Cloudflare could not be reached: look whether this computer is online.'
          : undefined,
    },
    site,
  )
