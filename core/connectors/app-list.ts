import type { ConnectorList } from './catalogue.ts'
import type { CredentialType, CredentialTypeInfo } from './credential.ts'
import type { Connector } from './define.ts'
import type { App } from './define-app.ts'
import { familyOf, type Manifest, manifestOf } from './manifest.ts'
import { brokenConnector } from './placeholder.ts'

/** An app, as the list of all apps names it: its module is not loaded by that. */
export type AppEntry = { readonly id: string; load(): Promise<App> }

/** What is known of an app without its module. The build writes it down; see `app-manifests.ts`. */
export type AppManifest = {
  readonly id: string
  readonly connectors: readonly Manifest[]
  readonly credentials: readonly CredentialTypeInfo[]
}

/** The manifest of an app whose module is loaded. */
export function appManifestOf({ id, connectors, credentials }: App): AppManifest {
  return {
    id,
    connectors: connectors.map(manifestOf),
    credentials: credentials.map(({ id: type, title, fields }) => ({ id: type, title, fields })),
  }
}

/**
 * A list of apps. An app of which no zap makes use costs its place in the list: its manifest is read when the palette or a zap asks for it,
 * and its module is loaded when a step of it is checked or run.
 */
export function appList(
  entries: readonly AppEntry[],
  readManifest: (appId: string) => AppManifest | undefined,
): ConnectorList {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  if (byId.size < entries.length) throw new Error('two apps have the same id')
  /** Of the apps that are in use. */
  const manifests = new Map<string, AppManifest>()
  const loading = new Map<string, Promise<App>>()
  const connectors = new Map<string, Connector>()

  function manifestFor(id: string): AppManifest | undefined {
    const appId = familyOf(id)
    const known = manifests.get(appId)
    if (known !== undefined || !byId.has(appId)) return known
    const read = readManifest(appId)
    if (read !== undefined) manifests.set(appId, read)
    return read
  }

  function load(appId: string): Promise<App> {
    const under = loading.get(appId)
    if (under !== undefined) return under
    const entry = byId.get(appId)
    if (entry === undefined) return Promise.reject(new Error(`there is no app ${appId}`))
    const made = entry.load().then((app) => {
      for (const connector of app.connectors) connectors.set(connector.id, connector)
      return app
    })
    loading.set(appId, made)
    // The next who needs it tries again.
    made.catch(() => loading.delete(appId))
    return made
  }

  return {
    families: [...byId.keys()],
    // Not kept: the screens ask once, and have it for themselves.
    manifests: () => entries.flatMap(({ id }) => (manifests.get(id) ?? readManifest(id))?.connectors ?? []),
    manifest: (id) => manifestFor(id)?.connectors.find((manifest) => manifest.id === id),
    loaded: (id) => connectors.get(id),
    async load(id) {
      const why = await load(familyOf(id)).then(
        () => `it has no "${id}"`,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      const manifest = manifestFor(id)?.connectors.find((one) => one.id === id)
      // One broken app must not keep the others, or Hookline itself, from working.
      if (!connectors.has(id) && manifest !== undefined) connectors.set(id, brokenConnector(manifest, why))
    },
    credentialTypes: () => entries.flatMap(({ id }) => (manifests.get(id) ?? readManifest(id))?.credentials ?? []),
    credentialTypeInfo: (id) => manifestFor(id)?.credentials.find((type) => type.id === id),
    credentialType(id): undefined | Promise<CredentialType | undefined> {
      if (manifestFor(id)?.credentials.some((type) => type.id === id) !== true) return undefined
      return load(familyOf(id)).then((app) => app.credentials.find((type) => type.id === id))
    },
  }
}
