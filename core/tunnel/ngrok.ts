import { z } from 'zod'
import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import type { OpenTunnelBy } from './open-tunnel.ts'
import { openByProgram } from './tunnel-program.ts'

/** What ngrok's log says, one JSON document a line (`--log-format=json`). */
const lineSchema = z.object({ msg: z.string().optional(), url: z.string().optional(), err: z.string().optional() })

function readLine(line: string): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return {}
  }
}

/** A tunnel of ngrok, which needs an account whose token the program knows (`ngrok config add-authtoken`). */
export const openNgrok: OpenTunnelBy<Extract<TunnelWay, { provider: 'ngrok' }>> = ({ domain }, site) =>
  openByProgram(
    {
      command: 'ngrok',
      args: [
        'http',
        `127.0.0.1:${site.port}`,
        '--log=stdout',
        '--log-format=json',
        ...(domain === undefined ? [] : [`--domain=${domain}`]),
      ],
      install: 'Install it from ngrok.com/download (macOS: "brew install ngrok"), or choose another way.',
      addressHeader: 'x-forwarded-for',
      isFresh: domain === undefined,
      readUrl(line) {
        const { msg, url } = readLine(line)
        return msg === 'started tunnel' ? url : undefined
      },
      explain(line) {
        const code = /ERR_NGROK_\d+/.exec(line)?.[0]
        if (code === 'ERR_NGROK_4018' || code === 'ERR_NGROK_105') {
          return 'ngrok does not know you: run "ngrok config add-authtoken" with the token of your account.'
        }
        const { err } = readLine(line)
        return code !== undefined && err !== undefined && err !== '<nil>'
          ? `ngrok refused (${code}): ${err}`
          : undefined
      },
    },
    site,
  )
