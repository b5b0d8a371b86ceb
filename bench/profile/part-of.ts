/** A function of a profile, with its script; what is not JavaScript (`isNative`) has the script of its caller. */
export type Ran = { readonly name: string; readonly script: string; readonly isNative: boolean }

/** The part of a profile in which nothing was done. */
export const IDLE = 'idle'

/** Which part of the program a function belongs to: a file of ours, a package, or what Node does for us. */
export function partOf({ name, script, isNative }: Ran): string {
  // To begin and to end a profile takes time too.
  if (name === '(idle)' || script === 'node:inspector') return IDLE
  if (name === '(garbage collector)') return 'garbage collection'
  const bundled = /(?:^|\/)((?:core|headless)\/.*)$/.exec(script)?.[1]
  if (script.includes('/node_modules/')) return packageOf(script)
  if (bundled !== undefined) return isNative && bundled.startsWith('core/db/') ? 'SQLite' : bundled
  if (script.startsWith('node:')) return nodePart(script)
  return 'native code that nothing called'
}

function packageOf(script: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(script.split('/node_modules/').at(-1) ?? '')?.[0] ?? script
}

function nodePart(script: string): string {
  if (/http/.test(script)) return 'Node: HTTP'
  if (/net|stream/.test(script)) return 'Node: sockets and streams'
  return 'Node: everything else'
}
