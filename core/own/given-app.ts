import type { App } from '../connectors/app-parts.ts'
import { familyOf } from '../connectors/manifest.ts'

/** The connectors that a file exports. Throws an `Error` that says what is missing. */
export function givenApp(exported: unknown): App {
  const app = exported as Partial<App> | undefined // looked at below
  if (typeof app !== 'object' || app === null || !Array.isArray(app.connectors))
    throw new Error('the file must say "export default defineApp({ … })"')
  if (typeof app.id !== 'string' || !/^[a-z][a-z0-9-]{1,39}$/.test(app.id))
    throw new Error('the id of the app must be small letters, digits and "-", such as "weather"')
  const stray = app.connectors.find(({ id }) => familyOf(id) !== app.id)
  if (stray !== undefined) throw new Error(`${stray.id} does not begin with ${app.id}`)
  const unknown = app.connectors.find((one) => one.kind === 'trigger' && one.source.from !== 'poll')
  if (unknown !== undefined)
    throw new Error(`${unknown.id} is no poll: other triggers are not for connectors of one’s own`)
  const hidden = app.connectors.find(({ input }) => Object.hasOwn(input.shape, '__proto__'))
  if (hidden !== undefined)
    throw new Error(`${hidden.id} has a field "__proto__", whose value never arrives: give it another name`)
  if ((app.credentials ?? []).length > 0)
    throw new Error('types of credential are not for connectors of one’s own: name Hookline’s in "alsoTakes"')
  return app as App // as was looked at
}
