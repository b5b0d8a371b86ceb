import { builtInConnectors } from './built-in.ts'
import { createCatalogue, loadedList } from './catalogue.ts'
import { builtInCredentialTypes } from './credential-types.ts'

/** Hookline's own connectors, without those of apps. */
export const testCatalogue = createCatalogue([loadedList(builtInConnectors, builtInCredentialTypes)])
