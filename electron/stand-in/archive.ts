import fs from 'node:fs'
import { type LoadHookContext, registerHooks, syncBuiltinESMExports } from 'node:module'
import { dirname, extname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * `node --import electron/stand-in/archive.ts …/app.asar/out/main/index.js` runs a program out of an archive, as Electron does: modules and
 * files in it are read from it, native code from the folder `app.asar.unpacked` beside it. All that is not done for it here fails, as on
 * any path that leads through a file. What a module of the archive asks for has to be in it, or to be `electron` or a part of Node.
 */

type Entry = {
  readonly files?: Readonly<Record<string, Entry>>
  readonly offset?: string
  readonly size?: number
  readonly unpacked?: boolean
}
type Archive = { readonly path: string; readonly root: Entry; read(entry: Entry): Buffer }

const MARK = `.asar${sep}`
const archives = new Map<string, Archive>()
const { readFileSync, existsSync, statSync, openSync, readSync } = fs

function openArchive(path: string): Archive {
  const known = archives.get(path)
  if (known !== undefined) return known
  const file = openSync(path, 'r')
  const read = (offset: number, size: number): Buffer => {
    const content = Buffer.alloc(size)
    readSync(file, content, 0, size, offset)
    return content
  }
  // A pickle of the header's size, then one of its text; what the entries say is counted from there.
  const headerSize = read(0, 8).readUInt32LE(4)
  const header = read(8, headerSize)
  const root: Entry = JSON.parse(header.toString('utf8', 8, 8 + header.readUInt32LE(4)))
  const opened = { path, root, read: ({ offset, size = 0 }: Entry) => read(8 + headerSize + Number(offset), size) }
  archives.set(path, opened)
  return opened
}

type Found = { readonly archive: Archive; readonly entry: Entry; readonly outside: string | undefined }

/** What an archive has at a path; undefined for paths that lead into none, and for what it does not have. */
function find(path: string): Found | undefined {
  const end = path.indexOf(MARK)
  const file = path.slice(0, end + MARK.length - 1)
  if (end < 0 || !existsSync(file) || !statSync(file).isFile()) return undefined
  const archive = openArchive(file)
  const inside = path.slice(end + MARK.length)
  let entry: Entry | undefined = archive.root
  for (const name of inside.split(sep).filter((part) => part !== '')) {
    entry = Object.hasOwn(entry?.files ?? {}, name) ? entry?.files?.[name] : undefined
  }
  if (entry === undefined) return undefined
  return { archive, entry, outside: entry.unpacked === true ? `${file}.unpacked${sep}${inside}` : undefined }
}

function contentOf({ archive, entry, outside }: Found): Buffer {
  return outside === undefined ? archive.read(entry) : readFileSync(outside)
}

const pathOf = (path: unknown): string =>
  path instanceof URL ? fileURLToPath(path) : typeof path === 'string' ? path : ''

function asText(content: Buffer, options: unknown): Buffer | string {
  const encoding = typeof options === 'string' ? options : (options as { encoding?: BufferEncoding } | null)?.encoding
  return encoding ? content.toString(encoding as BufferEncoding) : content
}

/** Has a function of `fs` look into archives first. What it is not called with a path into one goes to the function itself. */
function patch<Name extends string>(
  module: Record<Name, (...args: never[]) => unknown>,
  name: Name,
  inArchive: (found: Found, options: unknown) => unknown,
): void {
  const original = module[name]
  module[name] = (...args: unknown[]): unknown => {
    const found = find(pathOf(args[0]))
    return found === undefined ? Reflect.apply(original, module, args) : inArchive(found, args[1])
  }
}

const statOf = (found: Found): fs.Stats => {
  const own = statSync(found.outside ?? found.archive.path)
  const isFile = found.entry.files === undefined
  return Object.assign(own, { size: found.entry.size ?? 0, isFile: () => isFile, isDirectory: () => !isFile })
}

patch(fs, 'readFileSync', (found, options) => asText(contentOf(found), options))
patch(fs, 'existsSync', () => true)
patch(fs, 'statSync', statOf)
patch(fs, 'lstatSync', statOf)
patch(fs, 'readdirSync', ({ entry }) => Object.keys(entry.files ?? {}))
patch(fs.promises, 'readFile', async (found, options) => asText(contentOf(found), options))
patch(fs.promises, 'stat', async (found) => statOf(found))
patch(fs.promises, 'access', async () => undefined)
syncBuiltinESMExports()

const [, started = ''] = process.argv
const ofProgram = started.indexOf(MARK)
// As Electron says it: the folder that the archive is in.
if (ofProgram >= 0) Object.assign(process, { resourcesPath: dirname(started.slice(0, ofProgram + MARK.length - 1)) })

const inArchive = (url: string | undefined): url is string =>
  url?.startsWith('file:') === true && url.includes('.asar/')

/** The file of a module, as Node finds it: what is named, with an ending, or what a package says. */
function moduleFile(path: string): string | undefined {
  for (const candidate of [path, `${path}.js`, join(path, 'index.js')]) {
    const found = find(candidate)
    if (found !== undefined && found.entry.files === undefined) return candidate
  }
  return undefined
}

function packageFile(name: string, archive: Archive): string | undefined {
  const folder = join(archive.path, 'node_modules', name)
  const described = find(join(folder, 'package.json'))
  if (described === undefined) return undefined
  const { main } = JSON.parse(contentOf(described).toString()) as { main: string } // a package says so
  return moduleFile(join(folder, main))
}

function formatOf(path: string): LoadHookContext['format'] {
  if (extname(path) === '.cjs') return 'commonjs'
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const described = find(join(folder, 'package.json'))
    if (described === undefined && folder.endsWith('.asar')) return 'commonjs'
    if (described === undefined) continue
    const { type } = JSON.parse(contentOf(described).toString()) as { type?: string } // a package may say so
    return type === 'module' ? 'module' : 'commonjs'
  }
}

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context
    const isPath = /^(?:\.{0,2}\/|file:)/.test(specifier)
    const target = isPath ? new URL(specifier, parentURL ?? 'file:') : undefined
    if (target !== undefined && !inArchive(target.href)) return next(specifier, context)
    if (target === undefined && !inArchive(parentURL)) return next(specifier, context)
    if (target === undefined && (specifier === 'electron' || isPartOfNode(specifier))) return next(specifier, context)
    const from = find(fileURLToPath(inArchive(parentURL) ? parentURL : (target ?? '')))
    const file = target !== undefined ? moduleFile(fileURLToPath(target)) : from && packageFile(specifier, from.archive)
    if (file === undefined) {
      const message = `The archive has no ${specifier}, which ${parentURL ?? 'its start'} asks for.`
      throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' })
    }
    const { outside } = find(file) ?? {}
    return { url: pathToFileURL(outside ?? file).href, shortCircuit: true }
  },
  load(url, context, next) {
    if (!inArchive(url)) return next(url, context)
    const path = fileURLToPath(url)
    const found = find(path)
    if (found === undefined) throw new Error(`The archive has no ${path}.`)
    return { format: formatOf(path), source: contentOf(found), shortCircuit: true }
  },
})

function isPartOfNode(specifier: string): boolean {
  return process.getBuiltinModule(specifier) !== undefined
}
