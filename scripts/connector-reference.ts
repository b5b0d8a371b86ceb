/** Writes the reference of every trigger and action into docs/connectors.md, between two marks; `connector-reference.test.ts` fails where it is stale. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apps } from '../core/connectors/apps.ts'
import { builtInConnectors } from '../core/connectors/built-in.ts'
import { families } from '../core/connectors/families.ts'
import { familyOf, type Manifest, manifestOf } from '../core/connectors/manifest.ts'
import { isJsonList, isJsonObject, type Json } from '../core/domain/values/json.ts'

export const PAGE = join(import.meta.dirname, '../docs/connectors.md')
const BEGIN = '<!-- reference: npm run reference -->'
const END = '<!-- end of the reference -->'

/** The page with the reference in it as it is to be. */
export async function withReference(page: string): Promise<string> {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`docs/connectors.md has lost its marks: ${BEGIN} and ${END}`)
  const loaded = await Promise.all([...families, ...apps].map((entry) => entry.load()))
  const connectors = [...builtInConnectors, ...loaded.flatMap((family) => family.connectors)]
  return `${page.slice(0, start + BEGIN.length)}\n\n${reference(connectors.map(manifestOf))}\n\n${page.slice(end)}`
}

function reference(manifests: readonly Manifest[]): string {
  const groups = Map.groupBy(manifests, ({ id }) => familyOf(id))
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([family, members]) => [`### \`${family}\``, '', ...tableOf(members)].join('\n'))
    .join('\n\n')
}

function tableOf(members: readonly Manifest[]): string[] {
  return [
    '| id | takes | gives | a repeat |',
    '| --- | --- | --- | --- |',
    ...members.map(({ id, kind, input, sample, effect }) => {
      const repeat = kind === 'trigger' ? 'starts a zap' : effect
      return `| \`${id}\` | ${inputsOf(input)} | ${outputsOf(sample)} | ${repeat} |`
    }),
  ]
}

/** Each field with what stands in for it: `name` is needed, `name?` is not, `name="x"` has a default. */
function inputsOf({ properties, required }: Manifest['input']): string {
  if (properties === undefined || !isJsonObject(properties)) return ''
  const needed: readonly Json[] = required !== undefined && isJsonList(required) ? required : []
  return Object.entries(properties)
    .map(([name, field]) => {
      const fallback = isJsonObject(field) ? field.default : undefined
      if (fallback !== undefined) return code(`${name}=${JSON.stringify(fallback)}`)
      return code(needed.includes(name) ? name : `${name}?`)
    })
    .join(' ')
}

/** The names in the example of what it gives. */
function outputsOf(sample: Json): string {
  return isJsonObject(sample) ? Object.keys(sample).map(code).join(' ') : ''
}

// A bar would end the cell.
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

if (process.argv[1] === import.meta.filename) {
  writeFileSync(PAGE, await withReference(readFileSync(PAGE, 'utf8')))
}
