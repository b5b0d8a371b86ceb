import { createCatalogue, loadedList } from './connectors/catalogue.ts'
import { builtInCredentialTypes } from './connectors/credential-types.ts'
import { fileAppend } from './connectors/file/append.action.ts'
import { ownConnectors } from './connectors/test-catalogue.ts'

/**
 * Hookline's connectors on a computer where writing a file takes for ever, as on a dead network drive, until `mend` is called. What hangs by
 * then hangs for good.
 */
export function stuckFiles() {
  let isStuck = true
  const append: typeof fileAppend = {
    ...fileAppend,
    run: (context) => (isStuck ? new Promise(() => undefined) : fileAppend.run(context)),
  }
  const connectors = ownConnectors.map((one) => (one.id === fileAppend.id ? append : one))
  return {
    catalogue: createCatalogue([loadedList(connectors, builtInCredentialTypes)]),
    mend() {
      isStuck = false
    },
  }
}
