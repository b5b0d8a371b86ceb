import type { ConnectorList } from './catalogue.ts'
import { type CredentialType, type CredentialTypeInfo, credentialTypeInfo } from './credential.ts'
import type { Connector } from './define.ts'
import { familyOf, type Manifest, manifestOf } from './manifest.ts'
import { brokenConnector } from './placeholder.ts'

/** Connectors whose ids begin with the same word, and that are loaded together: an app, or steps of Hookline itself. */
export type Family = {
  /** Permanent: the ids of all that is in it begin with it (see {@link familyOf}). */
  readonly id: string
  readonly connectors: readonly Connector[]
  /** Its types of credential. */
  readonly credentials: readonly CredentialType[]
}

/** A family, as the list of all of them names it: its module is not loaded by that. */
export type FamilyEntry = { readonly id: string; load(): Promise<Family> }

/** What is known of a family without its module. The build writes it down; see `scripts/connector-manifests.ts`. */
export type FamilyManifest = {
  readonly id: string
  readonly connectors: readonly Manifest[]
  readonly credentials: readonly CredentialTypeInfo[]
}

/** Declares a family of Hookline's own connectors. Throws an `Error` when one of them has an id of another family. */
export function defineFamily(id: string, connectors: readonly Connector[]): Family {
  return checkedFamily({ id, connectors, credentials: [] })
}

/** A family as it was given. Throws an `Error` when something of it has an id of another family. */
export function checkedFamily<Given extends Family>(family: Given): Given {
  const { id, connectors, credentials } = family
  for (const { id: own } of [...connectors, ...credentials]) {
    if (familyOf(own) !== id) throw new Error(`${own} is part of the family ${id}, but not by its id`)
  }
  return family
}

/** The manifest of a family whose module is loaded. */
export function familyManifestOf({ id, connectors, credentials }: Family): FamilyManifest {
  return {
    id,
    connectors: connectors.map(manifestOf),
    credentials: credentials.map(credentialTypeInfo),
  }
}

/**
 * A list of families. One of which no zap makes use costs its place in the list: its manifest is read when the palette or a zap asks for it,
 * and its module is loaded when a step of it is checked or run.
 */
export function familyList(
  entries: readonly FamilyEntry[],
  readManifest: (familyId: string) => FamilyManifest | undefined,
): ConnectorList {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  if (byId.size < entries.length) throw new Error('two families of connectors have the same id')
  /** Of the families that are in use. */
  const manifests = new Map<string, FamilyManifest>()
  const loading = new Map<string, Promise<Family>>()
  const connectors = new Map<string, Connector>()

  function manifestFor(id: string): FamilyManifest | undefined {
    const familyId = familyOf(id)
    const known = manifests.get(familyId)
    if (known !== undefined || !byId.has(familyId)) return known
    const read = readManifest(familyId)
    if (read !== undefined) manifests.set(familyId, read)
    return read
  }

  function load(familyId: string): Promise<Family> {
    const under = loading.get(familyId)
    if (under !== undefined) return under
    const entry = byId.get(familyId)
    if (entry === undefined) return Promise.reject(new Error(`there is no family of connectors ${familyId}`))
    const made = entry.load().then((family) => {
      for (const connector of family.connectors) connectors.set(connector.id, connector)
      return family
    })
    loading.set(familyId, made)
    // The next who needs it tries again.
    made.catch(() => loading.delete(familyId))
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
      // One broken family must not keep the others, or Hookline itself, from working.
      if (!connectors.has(id) && manifest !== undefined) connectors.set(id, brokenConnector(manifest, why))
    },
    credentialTypes: () => entries.flatMap(({ id }) => (manifests.get(id) ?? readManifest(id))?.credentials ?? []),
    credentialTypeInfo: (id) => manifestFor(id)?.credentials.find((type) => type.id === id),
    credentialType(id): undefined | Promise<CredentialType | undefined> {
      if (manifestFor(id)?.credentials.some((type) => type.id === id) !== true) return undefined
      return load(familyOf(id)).then((family) => family.credentials.find((type) => type.id === id))
    },
  }
}
