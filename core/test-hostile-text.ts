import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync } from 'vite'

/** Finds what reads text in the sources, and makes text that such a thing may take too long for. */

/** A regular expression of the sources. */
export type FoundPattern = { readonly place: string; readonly source: string; readonly flags: string }

/** An exported function whose first parameter is text, or bytes. */
export type FoundReader = {
  readonly file: string
  readonly name: string
  /** What its parameters are: `null` for one that is neither text, bytes nor a number. */
  readonly parameters: readonly ('text' | 'bytes' | 'number' | null)[]
}

type Node = { readonly type: string; readonly [key: string]: unknown }

const CORE = import.meta.dirname

function sources(): { file: string; program: ESTree.Program }[] {
  return globSync('**/*.ts', { cwd: CORE })
    .filter((file) => !/\.test\.ts$|(^|[\\/])test-/.test(file))
    .map((file) => ({ file, program: parseSync(file, readFileSync(join(CORE, file), 'utf8'), { lang: 'ts' }).program }))
}

/** Every regular expression that is written in `core/`, whatever it is used for. */
export function findPatterns(): FoundPattern[] {
  return sources().flatMap(({ file, program }) => {
    const found: FoundPattern[] = []
    visit(program, (node) => {
      if (node.type !== 'Literal' || typeof node.regex !== 'object' || node.regex === null) return
      const { pattern, flags } = node.regex as { pattern: string; flags: string } // ESTree
      found.push({ place: `${file}: /${pattern}/${flags}`, source: pattern, flags })
    })
    return found
  })
}

/** Every exported function of the folders that see text from outside which takes text first. */
export function findReaders(): FoundReader[] {
  return sources()
    .filter(({ file }) => /^(domain|ingress|connectors|tunnel)[\\/]/.test(file))
    .flatMap(({ file, program }) =>
      program.body.flatMap((statement) => {
        const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null
        const functions: [unknown, unknown][] =
          declared?.type === 'FunctionDeclaration'
            ? [[declared.id, declared]]
            : declared?.type === 'VariableDeclaration'
              ? declared.declarations.map(({ id, init }): [unknown, unknown] => [id, init])
              : []
        return functions.flatMap(([id, of]) => {
          const { params } = Object(of) as { params?: Node[] }
          const { name } = Object(id) as { name?: string }
          if (params === undefined || name === undefined) return []
          const needed = params.filter((param) => param.type !== 'AssignmentPattern' && param.optional !== true)
          const parameters = needed.map(kindOf)
          return parameters[0] === 'text' || parameters[0] === 'bytes' ? [{ file, name, parameters }] : []
        })
      }),
    )
}

function kindOf(param: Node): FoundReader['parameters'][number] {
  const { typeAnnotation: type } = Object(param.typeAnnotation) as { typeAnnotation?: Node }
  const kinds: Readonly<Record<string, FoundReader['parameters'][number]>> = {
    TSStringKeyword: 'text',
    TSNumberKeyword: 'number',
  }
  if (type?.type === 'TSUnionType') {
    const members = type.types as Node[] // ESTree
    return members.some((member) => member.type === 'TSStringKeyword') ? 'text' : null
  }
  const { name } = Object(type?.typeName) as { name?: string }
  return name === 'Uint8Array' ? 'bytes' : (kinds[type?.type ?? ''] ?? null)
}

function visit(node: unknown, look: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) visit(item, look)
  else if (typeof node === 'object' && node !== null) {
    const found = node as Node
    if (typeof found.type === 'string') look(found)
    for (const child of Object.values(found)) visit(child, look)
  }
}

/** Text that grows: `pump` is repeated. */
export type Attack = { readonly prefix: string; readonly pump: string; readonly suffix: string }

export const attackText = ({ prefix, pump, suffix }: Attack, chars: number): string =>
  prefix + pump.repeat(Math.max(1, Math.floor(chars / pump.length))) + suffix

/** What matches nothing that anybody writes a pattern for. */
const MISFITS = ['', '\0', '!x', '\n\u2028']
const TRIED = [...'a1 Z_-.,:;/\\"\'=(){}[]<>@#%&*+?^$|~`!\t\né\u00a0\u{1f600}0fx']

type Part = {
  /** A text that the part matches. */
  readonly sample: string
  /** Texts that match what may be repeated without end somewhere inside, with what has to stand before. */
  readonly pumps: readonly { readonly before: string; readonly pump: string }[]
}

/**
 * Text for which a pattern may have to go back again and again: each of its repetitions is pumped up behind a text that leads there, and
 * followed by one that does not fit.
 */
export function attacksOn({ source, flags }: FoundPattern): Attack[] {
  const { pumps, sample } = alternatives(source, flags)
  const all = [...pumps, { before: '', pump: sample || 'a' }, { before: '', pump: ' ' }]
  return all.flatMap(({ before, pump }) =>
    MISFITS.flatMap((suffix) => [
      { prefix: before, pump: pump || 'a', suffix },
      ...(before === '' ? [] : [{ prefix: '', pump: `${before}${pump}`, suffix }]),
    ]),
  )
}

/** Reads as much of a pattern's syntax as there is in it, and makes samples. */
function alternatives(source: string, flags: string): Part {
  const branches = split(source)
  const parts = branches.map((branch) => sequence(branch, flags))
  return { sample: parts[0]?.sample ?? '', pumps: parts.flatMap(({ pumps }) => pumps) }
}

/** The branches of a pattern at its own level. */
function split(source: string): string[] {
  const branches = ['']
  for (let at = 0, depth = 0; at < source.length; at++) {
    const atom = atomAt(source, at)
    const char = source[at] ?? ''
    if (atom.length > 1 && char !== '(') {
      branches.push(`${branches.pop()}${atom}`)
      at += atom.length - 1
      continue
    }
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (char === '|' && depth === 0) branches.push('')
    else branches.push(`${branches.pop()}${char}`)
  }
  return branches
}

/** An escape or a class as a whole, or one character. */
function atomAt(source: string, at: number): string {
  const rest = source.slice(at)
  const escaped = /^\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pPk][{<][^}>]*[}>]|[\s\S])/.exec(rest)
  if (escaped !== null) return escaped[0]
  if (rest[0] !== '[') return rest[0] ?? ''
  for (let end = 1, depth = 0; end < rest.length; end++) {
    if (rest[end] === '\\') end += 1
    else if (rest[end] === '[') depth += 1
    else if (rest[end] === ']' && depth-- === 0) return rest.slice(0, end + 1)
  }
  return rest
}

function sequence(branch: string, flags: string): Part {
  let sample = ''
  const pumps: { before: string; pump: string }[] = []
  for (let at = 0; at < branch.length; ) {
    let atom = atomAt(branch, at)
    let part: Part = { sample: '', pumps: [] }
    if (atom === '(') {
      const end = closing(branch, at)
      const inner = branch.slice(at + 1, end).replace(/^\?(?::|<?[=!]|<[^>]*>|[a-z-]*:)/, '')
      const isAside = /^\(\?<?[=!]/.test(branch.slice(at))
      const inside = alternatives(inner, flags)
      part = { sample: isAside ? '' : inside.sample, pumps: inside.pumps }
      atom = branch.slice(at, end + 1)
    } else if (!/^(?:[\^$]|\\[bB])$/.test(atom)) part = { sample: fitting(atom, flags), pumps: [] }
    at += atom.length
    const [quantifier = '', most] = /^(?:[*+?]|\{\d+(?:,(\d*))?\})\??/.exec(branch.slice(at)) ?? []
    at += quantifier.length
    for (const { before, pump } of part.pumps) pumps.push({ before: sample + before, pump })
    const isEndless = /^[*+]/.test(quantifier) || (/^\{\d+,/.test(quantifier) && (most === '' || Number(most) > 9))
    if (isEndless) pumps.push({ before: sample, pump: part.sample })
    sample += part.sample
  }
  return { sample, pumps }
}

function closing(text: string, from: number): number {
  for (let at = from, depth = 0; at < text.length; at++) {
    const atom = atomAt(text, at)
    if (atom.length > 1) at += atom.length - 1
    else if (atom === '(') depth += 1
    else if (atom === ')' && --depth === 0) return at
  }
  return text.length
}

function fitting(atom: string, flags: string): string {
  const kept = flags.replace(/[gy]/g, '')
  try {
    const one = new RegExp(`^${atom}$`, kept)
    return [...TRIED, atom, atom.slice(1)].find((char) => one.test(char)) ?? ''
  } catch {
    return ''
  }
}

/**
 * Characters of the texts that are tried: in small steps at first, as what takes exponential time would never come back from large ones.
 * From so many milliseconds the time is looked at.
 */
const LENGTHS = [12, 18, 22, 27, 40, 60, 90, 720, 8_000]
const NOTICED_MS = 25
/** Milliseconds after which a time is not measured once more. */
const LONG_MS = 400

/**
 * Whether the time of `work` grows faster than its text: when that doubles, the time more than triples, and does so again. Returns with which text,
 * or null. Each time is the least of several, so that what else the computer does plays no part.
 */
export function growsTooFast(work: (text: string) => void, attack: Attack): string | null {
  const least = (chars: number): number => {
    const times: number[] = []
    // Of what takes long, a moment that something else took is a small part.
    for (let spent = 0; times.length < (spent < LONG_MS ? 5 : 2); spent += times.at(-1) ?? 0)
      times.push(timeOf(work, attackText(attack, chars)))
    return Math.min(...times)
  }
  for (const chars of LENGTHS) {
    if (timeOf(work, attackText(attack, chars)) < NOTICED_MS) continue
    const [once, twice] = [least(chars / 2), least(chars)]
    if (twice < NOTICED_MS || twice <= 3 * once) return null
    // What takes so long for a few characters is not asked for more of them.
    if (chars > 100 && least(2 * chars) <= 3 * twice) return null
    const { prefix, pump, suffix } = attack
    const times = `${once.toFixed(1)} ms, and ${twice.toFixed(1)} ms for twice as much`
    return `${JSON.stringify(prefix)} + ${chars / 2} characters of ${JSON.stringify(pump)} + ${JSON.stringify(suffix)} takes ${times}`
  }
  return null
}

function timeOf(work: (text: string) => void, text: string): number {
  const began = performance.now()
  work(text)
  return performance.now() - began
}
