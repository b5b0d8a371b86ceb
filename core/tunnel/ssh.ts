import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import type { OpenTunnelBy } from './open-tunnel.ts'
import { openByProgram } from './tunnel-program.ts'

/**
 * A port of any server that lets us in, led here by OpenSSH's client (`ssh -R`). It never asks: a server whose key is not known is
 * remembered at the first time, one whose key has changed is refused, and so is a password.
 */
export const openSsh: OpenTunnelBy<Extract<TunnelWay, { provider: 'ssh' }>> = (way, site) => {
  const { host, port, user, identityFile, remotePort, url = `http://${host}:${remotePort}` } = way
  return openByProgram(
    {
      command: 'ssh',
      args: [
        '-N',
        '-T',
        ...Object.entries({
          BatchMode: 'yes',
          ConnectTimeout: 15,
          ExitOnForwardFailure: 'yes',
          // A lost connection is noticed after half a minute.
          ServerAliveInterval: 15,
          ServerAliveCountMax: 2,
          StrictHostKeyChecking: 'accept-new',
          // Only its chatter says that the port is open.
          LogLevel: 'DEBUG1',
        }).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
        ...(identityFile === undefined ? [] : ['-i', identityFile, '-o', 'IdentitiesOnly=yes']),
        '-p',
        String(port),
        '-R',
        `${remotePort}:127.0.0.1:${site.port}`,
        // Behind this nothing is an option, whatever it looks like.
        '--',
        user === undefined ? host : `${user}@${host}`,
      ],
      install: 'Install OpenSSH’s client (Debian: "apt install openssh-client").',
      // It hands on bytes, and knows nothing of headers.
      addressHeader: null,
      isFresh: false,
      readUrl: (line) => (/remote forward success for/.test(line) ? url : undefined),
      isChatter: (line) => /^(debug\d|OpenSSH_|Warning: Permanently added)/.test(line),
      explain(line) {
        if (/Permission denied/.test(line)) {
          return `${host} did not let you in: add your public key there, or name another user or key file.`
        }
        if (/Could not resolve hostname/.test(line)) return `There is no computer called ${host}: look at its name.`
        if (/Connection (refused|timed out)/.test(line)) {
          return `${host} does not answer on port ${port}: look at its address, its port and its firewall.`
        }
        if (/remote port forwarding failed|Port forwarding is disabled/i.test(line)) {
          return `${host} does not give port ${remotePort} away: another program has it there, or the server forbids it (AllowTcpForwarding).`
        }
        if (/HOST IDENTIFICATION HAS CHANGED|Host key verification failed/.test(line)) {
          return `${host} is not the server that it was: if you know why, run "ssh-keygen -R ${host}" and try again.`
        }
        return undefined
      },
    },
    site,
  )
}
