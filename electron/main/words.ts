/** The words in which the desktop app says why it cannot start. */

/** A failure that a person can do something about. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
  }
}

/**
 * The port of `HOOKLINE_HOOK_PORT`, or the usual one.
 *
 * @throws StartError when it is no port.
 */
export function hookPortOf(text: string | undefined, usual: number): number {
  if (text === undefined || text === '') return usual
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new StartError(
    `HOOKLINE_HOOK_PORT is "${text.slice(0, 100)}", which is no port: set it to a number from 0 (a free one) to 65535, or leave it out.`,
  )
}

/** What kept the core from starting, in a sentence that says what to do; the error itself where it says so already. */
export function startErrorOf(error: unknown, hookPort: number, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const other = 'set HOOKLINE_HOOK_PORT to another port'
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${hookPort}, on which webhooks come in, is in use by another program: end that program, or ${other}.`,
        { cause: error },
      )
    case 'EACCES':
      return new StartError(`Hookline may not listen on port ${hookPort}, on which webhooks come in: ${other}.`, {
        cause: error,
      })
    case 'locked':
      return new StartError(
        `Another Hookline already uses the folder ${dataDir}, such as one that "hookline start" runs in a terminal: stop it first, or set HOOKLINE_DATA to another folder.`,
        { cause: error },
      )
    case 'unwritable':
      return new StartError(
        `Hookline cannot write to the folder ${dataDir}: give yourself write permission, or set HOOKLINE_DATA to another folder.`,
        { cause: error },
      )
    default:
      return error
  }
}
