/** The words in which the desktop app says why it cannot start. */

/** A failure that a person can do something about. */
export class StartError extends Error {
  /** The port that cannot be listened on, where another one would help. */
  readonly port: number | null
  constructor(message: string, options: ErrorOptions & { readonly port?: number } = {}) {
    super(message, options)
    this.name = 'StartError'
    this.port = options.port ?? null
  }
}

/**
 * The port of `HOOKLINE_HOOK_PORT`, or the one of the settings.
 *
 * @throws StartError when it is no port.
 */
export function hookPortOf(text: string | undefined, ofSettings: number): number {
  if (text === undefined || text === '') return ofSettings
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new StartError(
    `HOOKLINE_HOOK_PORT is "${text.slice(0, 100)}", which is no port: choose one here, or set it to a number from 0 (a free one) to 65535.`,
    { port: ofSettings },
  )
}

/** What kept the core from starting, in a sentence that says what a person at the window can do; the error itself where it says so already. */
export function startErrorOf(error: unknown, port: number, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const options = { cause: error, port }
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port}, on which webhooks come in, is in use by another program: end that program and try again, or choose another port.`,
        options,
      )
    case 'EACCES':
      return new StartError(
        `Hookline may not listen on port ${port}, on which webhooks come in: choose another one.`,
        options,
      )
    case 'locked':
      return new StartError(
        `Another program uses Hookline’s data in ${dataDir}, such as a Hookline that "hookline start" runs in a terminal: end it, then try again.`,
        { cause: error },
      )
    case 'unwritable':
      return new StartError(
        `Hookline cannot write to its folder ${dataDir}: give yourself the permission to write there, then try again.`,
        { cause: error },
      )
    default:
      return error
  }
}
