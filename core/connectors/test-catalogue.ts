import { builtInConnectors } from './built-in.ts'
import { createCatalogue, loadedList } from './catalogue.ts'

/** Hookline's own connectors, without those of apps. */
export const testCatalogue = createCatalogue([loadedList(builtInConnectors)])
