import type { Log } from '../domain/host/log.ts'

/** A way into this computer that is open now. */
export type OpenTunnel = {
  /** What senders call in place of the listener's own address, without a trailing slash. */
  readonly url: string
  /** Whether its name may be so new that it is not known everywhere yet. */
  readonly isFresh: boolean
  /** The only path that it leads to; null when it leads to all of them. */
  readonly onlyPath: string | null
  /** The header (lower case) in which it puts the sender's own address; null when it does not. */
  readonly addressHeader: string | null
  /** Resolves with the reason, a sentence, when the tunnel is gone by itself. */
  readonly closed: Promise<string>
  /** Looks whether what is sent arrives here, where that cannot be seen by calling `url`. Rejects when it does not. */
  check?(signal: AbortSignal): Promise<void>
  /** Closes it, and resolves when nothing of it is left. */
  close(): Promise<void>
}

/** What a provider works with. */
export type TunnelSite = {
  /** Port of the webhook listener on this computer. No other port is ever led to. */
  readonly port: number
  readonly log: Log
  /** Where the id of a program that is started is kept, so that one that outlives a crash is ended at the next start. */
  readonly pidFile: string
  /** Gives up opening. */
  readonly signal: AbortSignal
}

/** Opens a tunnel as somebody configured it. Rejects with a {@link TunnelError} that says what to do. */
export type OpenTunnelBy<Way> = (way: Way, site: TunnelSite) => Promise<OpenTunnel>

/** Why there is no tunnel, as a sentence that names the remedy. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError'
  /** Whether trying again by itself cannot help: something has to be installed or configured. */
  readonly isLasting: boolean

  constructor(message: string, options: { isLasting?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.isLasting = options.isLasting ?? false
  }
}
