// `node scripts/sbom.ts ALL.json MADE-OF.json`: of a list of everything that is installed (CycloneDX), what the program is made of. The screens' packages are built in, and so
// are no dependencies that npm would install; the tools that build and test are installed, and no part of it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { thirdParties } from './third-party.ts'

const component = z.looseObject({
  'bom-ref': z.string(),
  group: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
})
const dependency = z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() })
const listSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component }),
  components: z.array(component),
  dependencies: z.array(dependency),
})

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) throw new Error('Say which list to read, and where to write.')
const list = listSchema.parse(JSON.parse(readFileSync(from, 'utf8')))
const parts = new Set(thirdParties(join(import.meta.dirname, '..')).map(({ name, version }) => `${name}@${version}`))
const components = list.components.filter(({ group, name, version }) =>
  parts.has(`${group ? `${group}/` : ''}${name}@${version}`),
)
const refs = new Set([list.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])])
const dependencies = list.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ dependsOn = [], ...rest }) => ({ ...rest, dependsOn: dependsOn.filter((ref) => refs.has(ref)) }))
writeFileSync(to, `${JSON.stringify({ ...list, components, dependencies }, null, 2)}\n`)
console.log(`${components.length} parts of ${list.components.length} that are installed`)
