import { isJsonList, isJsonObject, type Json, type JsonObject } from '../values/json.ts'

/** Finds the schema that a ref leads to. */
export type Parts = { part(ref: string): JsonObject | undefined }

const MOST_HOPS = 30
const MOST_MEMBERS = 200

/** A schema without `$ref` and `allOf` at its top: what these say is in it. */
export function merged(schema: JsonObject, parts: Parts, depth = 0): JsonObject {
  const { schema: own } = dereferenced(schema, parts)
  const { allOf } = own
  if (allOf === undefined || !isJsonList(allOf) || depth > 10) return own
  const { allOf: _members, ...rest } = own
  let whole: JsonObject = rest
  for (const member of allOf.slice(0, MOST_MEMBERS)) {
    if (!isJsonObject(member)) continue
    whole = together(merged(member, parts, depth + 1), whole)
  }
  return whole
}

/** A schema behind its references, and the last of these. */
export function dereferenced(schema: JsonObject, parts: Parts): { schema: JsonObject; ref: string | null } {
  let at = schema
  let ref: string | null = null
  for (let hops = 0; hops < MOST_HOPS && typeof at.$ref === 'string'; hops++) {
    ref = at.$ref
    const { $ref: _ref, ...beside } = at
    const found = parts.part(ref)
    if (found === undefined) return { schema: beside, ref }
    at = { ...found, ...beside }
  }
  return { schema: at, ref }
}

/** Two schemas that hold at once; what `over` says of itself goes first. */
function together(under: JsonObject, over: JsonObject): JsonObject {
  const properties = [under.properties, over.properties].filter((one) => isJsonObject(one))
  const required = [under.required, over.required].flatMap((one) => (one !== undefined && isJsonList(one) ? one : []))
  return {
    ...under,
    ...over,
    ...(properties.length > 0 && {
      properties: Object.fromEntries(properties.flatMap((one): [string, Json][] => Object.entries(one))),
    }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  }
}
