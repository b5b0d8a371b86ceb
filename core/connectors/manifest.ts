import { z } from 'zod'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import type { Category, Connector, Effect } from './define.ts'
import type { TriggerKind } from './trigger-sources.ts'

/** What the screens know of a connector; `core/contract/connector-manifest.ts` says the same to them. */
export type Manifest = {
  id: string
  kind: Connector['kind']
  title: string
  description: string
  keywords: string[]
  icon: string
  category: Category
  /** Title of its app, where it is part of one. */
  app?: string | undefined
  /** JSON Schema of the input. */
  input: Record<string, Json>
  ports: { id: string; label?: string | undefined }[]
  portsFrom: string | null
  isLoop: boolean
  bodyField: string | null
  itemFields: string[]
  verbatim: string[]
  summary: string
  sample: Json
  effect: Effect | 'depends'
  /** What its account must be granted at its service. */
  scopes?: string[] | undefined
  /** Of a trigger: the kind of its source. */
  source?: TriggerKind | undefined
}

const objectSchema = z.record(z.string(), jsonSchema)

/** What the ids of a family of connectors and of its types of credential begin with: `http` for `http.request`, `basic` for `basic`. */
export function familyOf(id: string): string {
  const at = id.indexOf('.')
  return at < 0 ? id : id.slice(0, at)
}

/** The manifest of a connector. */
export function manifestOf(connector: Connector): Manifest {
  const { id, kind, title, description, keywords = [], icon, category, app, summary, sample } = connector
  const schema = z.toJSONSchema(connector.input, { io: 'input', unrepresentable: 'any' })
  const action = kind === 'action' ? connector : undefined
  const ports = action?.ports ?? [{ id: 'main' }]
  const effect = action === undefined ? 'none' : typeof action.effect === 'function' ? 'depends' : action.effect
  return {
    id,
    kind,
    title,
    description,
    keywords: [...keywords],
    icon,
    category,
    ...(app === undefined ? {} : { app }),
    // Through text, because the schema's type allows functions and undefined, which its value never holds.
    input: objectSchema.parse(JSON.parse(JSON.stringify(schema))),
    ports: ports.map((port) => ({ ...port })),
    portsFrom: action?.portsFrom ?? null,
    isLoop: action?.loop !== undefined,
    bodyField: action?.bodyField ?? null,
    itemFields: [...(action?.itemFields ?? [])],
    verbatim: [...(action?.verbatim ?? []), ...(action?.carried ?? [])],
    summary,
    sample,
    effect,
    ...(connector.scopes && { scopes: [...connector.scopes] }),
    ...(connector.kind === 'trigger' ? { source: connector.source.from } : {}),
  }
}

const jsonTextSchema = z.union([z.literal(true), z.object({ field: z.string(), in: z.array(jsonSchema) })])
const propertiesSchema = z.record(
  z.string(),
  z.looseObject({ ui: z.looseObject({ jsonText: jsonTextSchema.optional() }).optional() }),
)

/** The fields in which a text that is JSON with templates in it is JSON (see `asJsonTemplate`): of an input, as it is written. */
export type JsonTexts = (input: Readonly<Record<string, Json>>) => readonly string[]

/** Reads {@link JsonTexts} from the form, where `ui.jsonText` marks them: always, or only while another field has one of some values. */
export function jsonTextsOf({ input: { properties } }: Pick<Manifest, 'input'>): JsonTexts {
  const marked = Object.entries(propertiesSchema.safeParse(properties).data ?? {}).flatMap(([name, { ui }]) =>
    ui?.jsonText === undefined ? [] : [{ name, when: ui.jsonText }],
  )
  return (input) =>
    marked.flatMap(({ name, when }) => (when === true || when.in.includes(input[when.field] ?? null) ? [name] : []))
}
