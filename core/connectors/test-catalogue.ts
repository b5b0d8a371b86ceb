import { apps } from './apps.ts'
import { builtInConnectors } from './built-in.ts'
import { createCatalogue, loadedList } from './catalogue.ts'
import { builtInCredentialTypes } from './credential-types.ts'

/** Hookline's own connectors, without those of apps. */
export const testCatalogue = createCatalogue([loadedList(builtInConnectors, builtInCredentialTypes)])

/** Every connector that comes with Hookline, those of apps too. */
export async function allConnectors() {
  const loaded = await Promise.all(apps.map((entry) => entry.load()))
  return [...builtInConnectors, ...loaded.flatMap(({ connectors }) => connectors)]
}
