// `node scripts/licences.ts` says whether all that Hookline is made of may be handed on with it; `--write FILE` writes what has to be handed on along.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAllowed, notices, thirdParties } from './third-party.ts'

const packages = thirdParties(join(import.meta.dirname, '..'))
const [option, file] = process.argv.slice(2)
if (option === '--write' && file !== undefined) writeFileSync(file, notices(packages))

const refused = packages.filter(({ licence }) => !isAllowed(licence))
for (const { name, version, licence } of refused) {
  console.error(
    `${name} ${version} is under "${licence}", which scripts/third-party.ts does not allow: leave the package out, or look at its licence and add it there.`,
  )
}
if (refused.length === 0) console.log(`${packages.length} packages, all under licences that are allowed`)
process.exitCode = refused.length === 0 ? 0 : 1
