// `npm run read-crash -- [file]`: the lines of a log, or of a report of a crash, as of the packed app's code, with the places in the sources that
// they come from. The maps of its build are looked for in `out/main`, or in the folder that `--maps` names.
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** A place in built code, as a stack has it. */
const PLACE = /(?:[^\s()'"]*[\\/])?([\w.-]+\.js):(\d{1,7}):(\d{1,7})/g

/**
 * Text with each place in built code replaced by that in the sources. A file without a map stays as it is.
 * `readMap` returns the text of a file's map, or undefined.
 */
export function readCrash(text: string, readMap: (file: string) => string | undefined): string {
  const maps = new Map<string, SourceMap | undefined>()
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) {
      const found = readMap(file)
      maps.set(file, found === undefined ? undefined : new SourceMap(JSON.parse(found)))
    }
    return maps.get(file)
  }
  return text.replace(PLACE, (whole: string, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (entry === undefined || !('originalSource' in entry)) return whole
    const source = entry.originalSource.replace(/^(?:\.\.\/)+/, '')
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { maps: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  })
  const folder = values.maps ?? join(import.meta.dirname, '..', 'out', 'main')
  if (values.help) {
    console.log('npm run read-crash -- [FILE] [--maps FOLDER]\n\nWithout a file it reads what is piped into it.')
  } else if (!existsSync(folder)) {
    console.error(
      `There are no maps in ${folder}: build the version that wrote the report, or name the folder of its maps with --maps.`,
    )
    process.exitCode = 1
  } else {
    const readMap = (file: string): string | undefined => {
      const path = join(folder, `${file}.map`)
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined
    }
    process.stdout.write(readCrash(readFileSync(positionals[0] ?? 0, 'utf8'), readMap))
  }
}
