import { isJsonObject, type Json, type JsonObject } from '../values/json.ts'
import type { Api, ApiEvent, Operation, SignIn } from './api.ts'
import { listIn } from './list-in.ts'
import { type Documents, objectAt, refIn } from './pointers.ts'
import { type OperationContext, readEvent, readOperation } from './read-operation.ts'
import { plainText, SchemaReader } from './read-schema.ts'
import { serversOf, signInIds, textOf } from './read-values.ts'

/** Operations of a description that are taken. */
export const MOST_OPERATIONS = 20_000

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace', 'query'] as const

/**
 * Reads a description (OpenAPI 2.0 to 3.2, https://spec.openapis.org/oas/) as it is meant rather than as it should be written: what is wrong with one
 * operation is said with it, and the others are taken all the same.
 *
 * @throws Error with a sentence for what is none.
 */
export function readApi(documents: Documents): Api {
  const root = documents.files.get(documents.main)
  if (root === undefined || !isJsonObject(root)) throw new Error('This is no description of an API: it is no object.')
  const version = kindOf(root)
  const schemas = new SchemaReader(documents)
  const info = isJsonObject(root.info) ? root.info : {}
  const security = signInIds(root.security)
  const signIns = readSignIns(root, documents)
  const context: OperationContext = {
    documents,
    schemas,
    root,
    isOld: version.startsWith('2'),
    security,
    signIns,
    keys: new Set(),
  }
  const read = readOperations(context)
  const events = readEvents(context)
  if (read.length === 0 && events.length === 0)
    throw new Error('This description has neither operations nor webhooks: nothing could be made of it.')
  const problems: string[] = []
  if (read.length >= MOST_OPERATIONS)
    problems.push(`It has ${MOST_OPERATIONS} operations or more: what comes after them is left out.`)
  const parts = schemas.parts()
  // What is in an answer is known when all parts are.
  const lookup = { part: (ref: string) => parts.get(ref) }
  const operations = read.map((operation) =>
    operation.method === 'GET' ? { ...operation, list: listIn(operation.answer.schema, lookup) } : operation,
  )
  const missing = [...schemas.missing]
  if (missing.length > 0) {
    const shown = missing
      .slice(0, 3)
      .map((ref) => ref.split('/').at(-1) ?? ref)
      .join(', ')
    const isOne = missing.length === 1
    problems.push(
      `${missing.length} ${isOne ? 'part is' : 'parts are'} missing (${shown}${missing.length > 3 ? ', …' : ''}): what points there is taken for anything.`,
    )
  }
  if (signIns.length === 0)
    problems.push('This description names no way to sign in; choose one where the API needs it.')
  else if (signIns.every(({ type }) => type === 'oauth2' || type === 'other'))
    problems.push('This API signs in with OAuth; paste a token, or register a client of your own.')
  return {
    title: plainText(textOf(info.title)) || 'Untitled API',
    version: textOf(info.version).slice(0, 100),
    kind: `OpenAPI ${version}`,
    servers: serversOf(root, context.isOld),
    signIns,
    operations,
    events,
    parts,
    problems,
  }
}

/** The version of OpenAPI. Throws for what is another thing, with its name where that is known. */
function kindOf(root: JsonObject): string {
  const version = root.openapi ?? root.swagger
  if (typeof version === 'string' || typeof version === 'number')
    return String(version === 2 ? '2.0' : version).slice(0, 10)
  if (isJsonObject(root.paths)) return '3.0'
  throw new Error(otherKind(root))
}

function otherKind(root: JsonObject): string {
  const is = (what: string): string => `This is ${what}, and no OpenAPI description.`
  if (isJsonObject(root.info) && (root.item !== undefined || textOf(root.info.schema).includes('postman')))
    return is('a Postman collection')
  if (root.asyncapi !== undefined) return is('an AsyncAPI description')
  if (root._type === 'export') return is('an export of Insomnia')
  if (root.log !== undefined) return is('a HAR file')
  if (root.format !== undefined && root.steps !== undefined) return is('a zap')
  if (root.$schema !== undefined && root.properties !== undefined) return is('a JSON Schema')
  return 'This is no OpenAPI description: it has neither "openapi" nor "swagger" at its top.'
}

function readOperations(context: OperationContext): Operation[] {
  const { documents, root } = context
  const operations: Operation[] = []
  const paths = objectAt(documents, documents.main, root.paths)
  for (const [path, item] of Object.entries(paths?.object ?? {})) {
    const found = objectAt(documents, paths?.file ?? documents.main, item)
    if (found === null || path.startsWith('x-')) continue
    // Operations may stand beside a reference, too.
    const beside =
      refIn(item) !== null && isJsonObject(item) ? [{ object: item, file: paths?.file ?? documents.main }] : []
    for (const { object, file } of [found, ...beside])
      for (const [method, value] of operationsOf(object)) {
        if (operations.length >= MOST_OPERATIONS) return operations
        operations.push(readOperation(context, { path, method: method.toUpperCase(), item: object, file, value }))
      }
  }
  return operations
}

function operationsOf(item: JsonObject): [method: string, operation: JsonObject][] {
  const others = isJsonObject(item.additionalOperations) ? Object.entries(item.additionalOperations) : []
  const named = [...METHODS.map((method): [string, Json | undefined] => [method, item[method]]), ...others]
  return named.flatMap(([method, value]): [string, JsonObject][] =>
    value !== undefined && isJsonObject(value) ? [[method, value]] : [],
  )
}

/** Webhooks of the whole API, and those that operations announce. */
function readEvents(context: OperationContext): ApiEvent[] {
  const { documents, root } = context
  const events: ApiEvent[] = []
  const add = (name: string, item: Json, file: string): void => {
    const found = objectAt(documents, file, item)
    if (found === null || events.length >= MOST_OPERATIONS) return
    for (const method of METHODS) {
      const value = found.object[method]
      if (value !== undefined && isJsonObject(value))
        events.push(readEvent(context, name, method.toUpperCase(), value, found.file))
    }
  }
  for (const webhooks of [root.webhooks, root['x-webhooks']])
    if (isJsonObject(webhooks)) for (const [name, item] of Object.entries(webhooks)) add(name, item, documents.main)
  const paths = objectAt(documents, documents.main, root.paths)
  for (const item of Object.values(paths?.object ?? {})) {
    const found = objectAt(documents, documents.main, item)
    for (const method of METHODS) {
      const operation = found?.object[method]
      const callbacks = isJsonObject(operation) && isJsonObject(operation.callbacks) ? operation.callbacks : {}
      for (const [name, callback] of Object.entries(callbacks)) {
        const inside = objectAt(documents, found?.file ?? documents.main, callback)
        for (const one of Object.values(inside?.object ?? {})) add(name, one, inside?.file ?? documents.main)
      }
    }
  }
  const seen = new Set<string>()
  return events.filter(({ key }) => !seen.has(key) && seen.add(key))
}

function readSignIns(root: JsonObject, documents: Documents): SignIn[] {
  const components = isJsonObject(root.components) ? root.components : {}
  const schemes = root.securityDefinitions ?? components.securitySchemes
  if (!isJsonObject(schemes)) return []
  return Object.entries(schemes).flatMap(([id, scheme]): SignIn[] => {
    const found = objectAt(documents, documents.main, scheme)
    return found === null
      ? []
      : [{ id, ...signInOf(found.object), description: plainText(textOf(found.object.description)) }]
  })
}

function signInOf(scheme: JsonObject): Pick<SignIn, 'type' | 'name' | 'oauth'> {
  const type = textOf(scheme.type).toLowerCase()
  const name = textOf(scheme.name)
  if (type === 'basic') return { type: 'basic', name: '' }
  if (type === 'http') {
    const way = textOf(scheme.scheme).toLowerCase()
    if (way === 'basic' || way === 'bearer') return { type: way, name: '' }
    return { type: 'header', name: 'Authorization' }
  }
  if (type === 'apikey') {
    const place = textOf(scheme.in)
    if (place === 'query' || place === 'cookie') return { type: place, name }
    return { type: 'header', name: name || 'Authorization' }
  }
  if (type === 'oauth2') return { type, name: '', oauth: oauthAddresses(scheme) }
  return { type: type === 'openidconnect' ? 'oauth2' : 'other', name: '' }
}

/** More than these are there to be chosen from: to ask for all of them would ask for too much. */
const MOST_SCOPES = 12
const MOST_ADDRESS_CHARS = 2_000

/** Of the flow in which a person signs in, or else of one without a person: OpenAPI 3 has them by name, 2.0 one beside its kind. */
function oauthAddresses(scheme: JsonObject): NonNullable<SignIn['oauth']> {
  const flows = isJsonObject(scheme.flows) ? scheme.flows : {}
  const flow =
    [flows.authorizationCode, flows.deviceAuthorization, flows.clientCredentials, scheme].find(isJsonObject) ?? {}
  const address = (value: Json | undefined): string => {
    const text = textOf(value)
    return text.length > MOST_ADDRESS_CHARS || /^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(text) ? '' : text
  }
  const scopes = isJsonObject(flow.scopes) ? Object.keys(flow.scopes) : []
  return {
    authorizeUrl: address(flow.authorizationUrl),
    tokenUrl: address(flow.tokenUrl),
    deviceUrl: address(flow.deviceAuthorizationUrl),
    scopes: scopes.length > MOST_SCOPES ? '' : scopes.join(' ').slice(0, MOST_ADDRESS_CHARS),
  }
}
