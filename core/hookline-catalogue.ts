import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { apps } from './connectors/apps.ts'
import { builtInConnectors } from './connectors/built-in.ts'
import { type Catalogue, type ConnectorList, createCatalogue, loadedList } from './connectors/catalogue.ts'
import { builtInCredentialTypes } from './connectors/credential-types.ts'
import { families } from './connectors/families.ts'
import { type FamilyManifest, familyList, familyManifestOf } from './connectors/family-list.ts'
import { readManifest } from './connectors/manifest-file.ts'
import { connectorManifestSchema } from './contract/connector-manifest.ts'
import { credentialTypeInfoSchema } from './contract/values.ts'

/** Where the build wrote what is known of each family without its module: `<family>.json`, beside the program. */
const MANIFESTS = join(import.meta.dirname, 'connector-manifests')

const lazyFamilies = [...families, ...apps]

const familyManifestSchema = z.object({
  id: z.string(),
  connectors: z.array(connectorManifestSchema),
  credentials: z.array(credentialTypeInfoSchema),
})

/** The connectors that come with Hookline, and those of a person's own behind them. */
export async function hooklineCatalogue(own?: ConnectorList): Promise<Catalogue> {
  const known = [builtIn(), familyList(lazyFamilies, existsSync(MANIFESTS) ? readBuilt : await makeOfModules())]
  return createCatalogue(own === undefined ? known : [...known, own])
}

/** Whether the ids of connectors that come with Hookline begin with this. */
export function isFamilyOfHookline(id: string): boolean {
  return lazyFamilies.some((entry) => entry.id === id) || builtIn().families.includes(id)
}

const builtIn = (): ConnectorList => loadedList(builtInConnectors, builtInCredentialTypes)

function readBuilt(familyId: string): FamilyManifest {
  return familyManifestSchema.parse(readManifest(readFileSync(join(MANIFESTS, `${familyId}.json`), 'utf8')))
}

/** A program that runs from its sources has no manifests that a build could have made of them. */
async function makeOfModules(): Promise<(familyId: string) => FamilyManifest | undefined> {
  const loaded = await Promise.all(lazyFamilies.map((entry) => entry.load()))
  const manifests = new Map(loaded.map((family) => [family.id, familyManifestOf(family)]))
  return (familyId) => manifests.get(familyId)
}
