/**
 * The first due time after `after` of what comes every `everyMs`, all in milliseconds since 1970 UTC. Due times are counted from 1970, so
 * that a restart does not shift them.
 */
export function nextTick(after: number, everyMs: number): number {
  return (Math.floor(after / everyMs) + 1) * everyMs
}
