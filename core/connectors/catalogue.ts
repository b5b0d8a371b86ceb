import type { Touch } from '../domain/trust/permissions.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import type { ConnectorInfo, ConnectorLookup, Port } from '../domain/zap/connector-info.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { checkInput } from './check-input.ts'
import { type CredentialType, type CredentialTypeInfo, credentialTypeInfo } from './credential.ts'
import type { Connector } from './define.ts'
import { familyOf, type JsonTexts, jsonTextsOf, type Manifest, manifestOf } from './manifest.ts'

/**
 * Some connectors that a catalogue is made of: Hookline's own, those of its apps, and later those of a person or of a description. A
 * list knows its connectors by their manifests; the module of one is loaded when a zap uses it.
 */
export type ConnectorList = {
  /** Its connectors may be others in a while, so that nothing of them is remembered. */
  readonly isChanging?: boolean
  /** What the ids of its connectors and types of credential begin with: see {@link familyOf}. No two lists of a catalogue share one. */
  readonly families: readonly string[]
  /** All manifests, in the palette's order. */
  manifests(): readonly Manifest[]
  manifest(id: string): Manifest | undefined
  /** The connector, if its module is loaded. */
  loaded(id: string): Connector | undefined
  /** Loads the module of a connector of which there is a manifest. Where that fails, a connector stands in that says so. */
  load(id: string): Promise<void>
  credentialTypes(): readonly CredentialTypeInfo[]
  /** A type of credential, by its id or with its module. */
  credentialTypeInfo(id: string): CredentialTypeInfo | undefined
  credentialType(id: string): CredentialType | undefined | Promise<CredentialType | undefined>
}

/** All connectors that a Hookline has, as one value. */
export type Catalogue = {
  /**
   * The connector with a permanent id; undefined when there is none.
   *
   * @throws Error for one whose module is not loaded. That is a fault of the program: what works on a zap's input calls {@link load} first.
   */
  find(id: string): Connector | undefined
  /** Makes sure that {@link find} finds what these steps use. Undefined when all of it is loaded already. */
  load(steps: Iterable<Pick<Step, 'uses'>>): Promise<void> | undefined
  /** What the screens know of the connectors. */
  manifests(): Manifest[]
  /** What is known of a connector without loading it. */
  manifest(id: string): Manifest | undefined
  /** What the pure part of the core knows of a connector. It is there without loading anything, but for `checkInput`. */
  readonly info: ConnectorLookup
  /** Every type of credential, in the order of the form. */
  credentialTypes(): CredentialTypeInfo[]
  /** What is known of a type of credential without loading it; undefined when there is none of that id. */
  credentialTypeInfo(id: string): CredentialTypeInfo | undefined
  /** A type of credential with what it does to a request; of an app its module is loaded first. */
  credentialType(id: string): CredentialType | undefined | Promise<CredentialType | undefined>
  /** As {@link JsonTexts}, of a step's connector. It is there without loading anything. */
  jsonTextsOf(step: Pick<Step, 'uses' | 'input'>): readonly string[]
  /** What the connector of a step says that the step touches; nothing for a connector that there is not. */
  touchesOf(step: Step): readonly Touch[]
}

/** Makes a catalogue of lists. Throws an `Error` when two of them have connectors of one family, so that the app does not even start. */
export function createCatalogue(lists: readonly ConnectorList[]): Catalogue {
  const listOf = new Map<string, ConnectorList>()
  for (const list of lists) {
    if (list.isChanging === true) continue
    for (const family of list.families) {
      if (listOf.has(family)) throw new Error(`two lists have connectors whose ids begin with ${family}`)
      listOf.set(family, list)
    }
  }
  const infos = new Map<string, ConnectorInfo>()
  const jsonTexts = new Map<string, JsonTexts>()
  const changing = lists.filter(({ isChanging }) => isChanging === true)
  const listFor = (id: string): ConnectorList | undefined =>
    listOf.get(familyOf(id)) ?? changing.find(({ families }) => families.includes(familyOf(id)))

  function find(id: string): Connector | undefined {
    const list = listFor(id)
    const connector = list?.loaded(id)
    if (connector === undefined && list?.manifest(id) !== undefined) {
      throw new Error(`the connector ${id} is not loaded: call load() with the steps before`)
    }
    return connector
  }

  function info(id: string): ConnectorInfo | undefined {
    const known = infos.get(id)
    if (known !== undefined) return known
    const list = listFor(id)
    const found = list?.loaded(id) ?? list?.manifest(id)
    if (found === undefined) return undefined
    const made = infoOf(found, (input) => {
      const connector = find(id)
      return connector === undefined ? [] : checkInput(connector, input)
    })
    if (list?.isChanging !== true) infos.set(id, made)
    return made
  }

  return {
    find,
    info,
    load(steps) {
      const loading: Promise<void>[] = []
      for (const uses of new Set(Array.from(steps, (step) => step.uses))) {
        const list = listFor(uses)
        if (list !== undefined && list.loaded(uses) === undefined && list.manifest(uses) !== undefined) {
          loading.push(list.load(uses))
        }
      }
      return loading.length === 0 ? undefined : Promise.all(loading).then(() => undefined)
    },
    manifests: () => lists.flatMap((list) => list.manifests()),
    credentialTypes: () => lists.flatMap((list) => list.credentialTypes()),
    credentialTypeInfo: (id) => listFor(id)?.credentialTypeInfo(id),
    credentialType: (id) => listFor(id)?.credentialType(id),
    manifest: (id) => listFor(id)?.manifest(id),
    jsonTextsOf({ uses, input }) {
      let read = jsonTexts.get(uses)
      if (read === undefined) {
        const list = listFor(uses)
        const manifest = list?.manifest(uses)
        if (manifest?.kind !== 'action') return []
        read = jsonTextsOf(manifest)
        if (list?.isChanging !== true) jsonTexts.set(uses, read)
      }
      return read(input)
    },
    touchesOf: (step) => find(step.uses)?.touches?.(step.input) ?? [],
  }
}

/** A list of connectors and types of credential that are loaded. Throws an `Error` when two share an id, so that the app does not even start. */
export function loadedList(
  connectors: readonly Connector[],
  credentialTypes: readonly CredentialType[] = [],
): ConnectorList {
  const byId = new Map<string, Connector>()
  const manifests = new Map<string, Manifest>()
  const typeInfos = credentialTypes.map(credentialTypeInfo)
  for (const connector of connectors) {
    if (byId.has(connector.id)) throw new Error(`two connectors have the id ${connector.id}`)
    byId.set(connector.id, connector)
  }
  function manifest(id: string): Manifest | undefined {
    const connector = byId.get(id)
    if (connector === undefined) return undefined
    const made = manifests.get(id) ?? manifestOf(connector)
    manifests.set(id, made)
    return made
  }
  return {
    families: [...new Set([...connectors, ...credentialTypes].map(({ id }) => familyOf(id)))],
    manifests: () => connectors.flatMap(({ id }) => manifest(id) ?? []),
    manifest,
    loaded: (id) => byId.get(id),
    load: async () => undefined,
    credentialTypes: () => typeInfos,
    credentialTypeInfo: (id) => typeInfos.find((type) => type.id === id),
    credentialType: (id) => credentialTypes.find((type) => type.id === id),
  }
}

/** The parts of a connector, or of its manifest, that say how edges leave it. */
type Shape = {
  readonly id: string
  readonly kind: 'trigger' | 'action'
  readonly title: string
  readonly ports?: readonly Port[] | undefined
  readonly portsFrom?: string | null | undefined
  readonly bodyField?: string | null | undefined
  readonly itemFields?: readonly string[] | undefined
  readonly verbatim?: readonly string[] | undefined
  readonly carried?: readonly string[] | undefined
  readonly isLoop?: boolean
  readonly loop?: unknown
}

function infoOf(shape: Shape, check: ConnectorInfo['checkInput']): ConnectorInfo {
  const {
    id,
    kind,
    title,
    portsFrom,
    ports = [{ id: 'main' }],
    bodyField = null,
    itemFields = [],
    verbatim = [],
    carried = [],
  } = shape
  return {
    id,
    kind,
    title,
    ports: portsFrom == null ? () => ports : (step) => [...listedPorts(step.input[portsFrom]), ...ports],
    isLoop: shape.isLoop ?? shape.loop !== undefined,
    bodyField,
    itemFields,
    verbatim: [...verbatim, ...carried],
    checkInput: check,
  }
}

/** The ports that a list of `{ id, name? }` in a draft makes; what is not of that shape makes none. */
function listedPorts(list: Json | undefined): Port[] {
  if (list === undefined || !isJsonList(list)) return []
  return list.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry.id !== 'string') return []
    return [{ id: entry.id, ...(typeof entry.name === 'string' ? { label: entry.name } : {}) }]
  })
}
