/** Where the core reports what a person who runs the host may want to know. Never payloads, never secrets. */
export type Log = {
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}
