// How much of descriptions of APIs can be filled in as forms: node scripts/count-api-forms.ts FILE|FOLDER… [--all]
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDocumentText } from '../core/connectors/app/parse-documents.ts'
import { operationForm } from '../core/domain/openapi/operation-form.ts'
import { readApi } from '../core/domain/openapi/read-api.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { all: { type: 'boolean' } } })
const IS_DOCUMENT = /\.(?:json|ya?ml)$/i
const totals = { operations: 0, needed: 0, any: 0, problems: 0 }
const reasons = new Map<string, number>()

for (const path of positionals) {
  const isFolder = statSync(path).isDirectory()
  const found = isFolder
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => IS_DOCUMENT.test(name))
        .map((name) => join(path, name))
    : [path]
  const start = performance.now()
  try {
    const files = new Map(
      found.map((file) => {
        const name = isFolder ? relative(path, file).replaceAll('\\', '/') : basename(file)
        return [name, parseDocumentText({ path: name, text: readFileSync(file, 'utf8') })]
      }),
    )
    const main = [...files].find(
      ([, value]) => typeof value === 'object' && value !== null && ('openapi' in value || 'swagger' in value),
    )?.[0]
    const parsed = performance.now()
    const api = readApi({ main: main ?? '', files })
    const read = performance.now()
    const lookup = { part: (ref: string) => api.parts.get(ref) }
    const forms = api.operations.map((operation) => operationForm(operation, lookup))
    const made = performance.now()
    const needed = forms.filter((form) => form.needed.length > 0)
    const any = forms.filter((form) => form.raw.size > 0)
    for (const form of values.all === true ? any : needed)
      for (const reason of new Set(form.raw.values())) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    totals.operations += forms.length
    totals.needed += needed.length
    totals.any += any.length
    const times = [parsed - start, read - parsed, made - read].map((ms) => ms.toFixed(0)).join('+')
    console.log(
      `${basename(path)}: ${api.kind}, ${forms.length} operations, ${api.events.length} events, JSON needed in ${needed.length}, in any field ${any.length}, lists ${api.operations.filter((one) => one.list !== null).length}, ${times} ms; ${api.problems.join(' ')}`,
    )
  } catch (error) {
    totals.problems++
    console.log(`${basename(path)}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
const share = (part: number): string =>
  `${((100 * (totals.operations - part)) / Math.max(totals.operations, 1)).toFixed(2)} %`
console.log(
  `${totals.operations} operations: ${share(totals.needed)} without JSON in fields that are needed, ${share(totals.any)} without any; ${totals.problems} not read`,
)
for (const [reason, count] of [...reasons].toSorted((a, b) => b[1] - a[1])) console.log(`  ${count} ${reason}`)
