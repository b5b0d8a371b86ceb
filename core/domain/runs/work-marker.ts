/**
 * Notes what the thread is about to do, for the watchdog: the run `run_…`, or a request in words. It is cheap (a few dozen nanoseconds), and is
 * called where something of unknown length begins or goes on: a step, what follows an answer, a request.
 */
export type WorkMarker = (kind: 'run' | 'request', what: string) => void

export const noMarker: WorkMarker = () => undefined
