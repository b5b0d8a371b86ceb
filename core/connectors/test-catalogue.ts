import { apps } from './apps.ts'
import { builtInConnectors } from './built-in.ts'
import { createCatalogue, loadedList } from './catalogue.ts'
import { builtInCredentialTypes } from './credential-types.ts'
import { families } from './families.ts'

const own = await Promise.all(families.map((entry) => entry.load()))

/** Hookline's own connectors, those of families that the program loads later too. */
export const ownConnectors = [...builtInConnectors, ...own.flatMap(({ connectors }) => connectors)]

/** Hookline's own connectors, all of them loaded, without those of apps. */
export const testCatalogue = createCatalogue([loadedList(ownConnectors, builtInCredentialTypes)])

/** Every connector that comes with Hookline, those of apps too. */
export async function allConnectors() {
  const loaded = await Promise.all(apps.map((entry) => entry.load()))
  return [...ownConnectors, ...loaded.flatMap(({ connectors }) => connectors)]
}
