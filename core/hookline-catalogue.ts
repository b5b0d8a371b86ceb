import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type AppManifest, appList, appManifestOf } from './connectors/app-list.ts'
import { apps } from './connectors/apps.ts'
import { builtInConnectors } from './connectors/built-in.ts'
import { type Catalogue, createCatalogue, loadedList } from './connectors/catalogue.ts'
import { builtInCredentialTypes } from './connectors/credential-types.ts'
import { connectorManifestSchema } from './contract/connector-manifest.ts'
import { credentialTypeInfoSchema } from './contract/values.ts'

/** Where the build wrote what is known of each app without its module: `<app>.json`, beside the program. */
const MANIFESTS = join(import.meta.dirname, 'app-manifests')

const appManifestSchema = z.object({
  id: z.string(),
  connectors: z.array(connectorManifestSchema),
  credentials: z.array(credentialTypeInfoSchema),
})

/** The connectors that come with Hookline. */
export async function hooklineCatalogue(): Promise<Catalogue> {
  const own = loadedList(builtInConnectors, builtInCredentialTypes)
  return createCatalogue([own, appList(apps, existsSync(MANIFESTS) ? readBuilt : await makeOfModules())])
}

function readBuilt(appId: string): AppManifest {
  return appManifestSchema.parse(JSON.parse(readFileSync(join(MANIFESTS, `${appId}.json`), 'utf8')))
}

/** A program that runs from its sources has no manifests that a build could have made of them. */
async function makeOfModules(): Promise<(appId: string) => AppManifest | undefined> {
  const loaded = await Promise.all(apps.map((entry) => entry.load()))
  const manifests = new Map(loaded.map((app) => [app.id, appManifestOf(app)]))
  return (appId) => manifests.get(appId)
}
