import { compilePattern } from '../domain/templates/pattern.ts'

/** Tells whether a path below a folder, written with `/`, fits a glob. */
export type Glob = {
  fits(path: string): boolean
  /** Levels of folders that have to be looked through: 1 is the folder itself. */
  readonly depth: number
}

/**
 * Compiles a glob as shells and git know it: `*` and `?` stand for characters of one name, `[abc]` and `[!a-z]` for one of some, `{a,b}` for
 * alternatives, and the name `**` for any number of folders. Names that begin with a dot are found only where the glob has that dot. Case is
 * told apart. It is matched as an automaton, in time that grows with glob × path and not worse.
 *
 * @throws StepError `bad-input` for one that is too long or has a bracket that does not end.
 */
export function compileGlob(glob: string): Glob {
  const names = glob
    .normalize('NFC')
    .split('/')
    .filter((name) => name !== '' && name !== '.')
  let source = ''
  names.forEach((name, at) => {
    const isLast = at === names.length - 1
    if (name === '**') source += isLast ? '(?:[^/.][^/]*/)*[^/.][^/]*' : '(?:[^/.][^/]*/)*'
    else source += nameSource(name) + (isLast ? '' : '/')
  })
  const pattern = compilePattern(`^(?:${source})$`)
  return {
    fits: (path) => pattern.test(path.normalize('NFC')),
    depth: names.includes('**') ? Number.POSITIVE_INFINITY : Math.max(names.length, 1),
  }
}

/** The pattern of one name of a glob. */
function nameSource(name: string): string {
  let source = ''
  let open = 0
  for (let at = 0; at < name.length; at++) {
    const char = name.charAt(at)
    // What stands for any character stands for no dot at the beginning of a name.
    const first = at === 0 ? '(?:[^/.]' : ''
    if (char === '*') source += first === '' ? '[^/]*' : `${first}[^/]*)?`
    else if (char === '?') source += at === 0 ? '[^/.]' : '[^/]'
    else if (char === '{') {
      open += 1
      source += '(?:'
    } else if (char === '}' && open > 0) {
      open -= 1
      source += ')'
    } else if (char === ',' && open > 0) source += '|'
    else if (char === '[') {
      const end = name.indexOf(']', at + 2)
      if (end < 0) source += escaped('[')
      else {
        const inner = name.slice(at + 1, end).replace(/[\\[\]^]/g, '\\$&')
        source += inner.startsWith('!') ? `[^${inner.slice(1)}/${at === 0 ? '.' : ''}]` : `[${inner}]`
        at = end
      }
    } else source += escaped(char)
  }
  return source + ')'.repeat(open)
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char
}
