import { z } from 'zod'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import type { Category, Connector, Effect } from './define.ts'

/** What the screens know of a connector; `core/contract/connector-manifest.ts` says the same to them. */
export type Manifest = {
  id: string
  kind: Connector['kind']
  title: string
  description: string
  keywords: string[]
  icon: string
  category: Category
  /** JSON Schema of the input. */
  input: Record<string, Json>
  ports: { id: string; label?: string | undefined }[]
  portsFrom: string | null
  isLoop: boolean
  bodyField: string | null
  summary: string
  sample: Json
  effect: Effect | 'depends'
}

const objectSchema = z.record(z.string(), jsonSchema)

/** What the ids of a family of connectors and of its types of credential begin with: `http` for `http.request`, `basic` for `basic`. */
export function familyOf(id: string): string {
  const at = id.indexOf('.')
  return at < 0 ? id : id.slice(0, at)
}

/** The manifest of a connector. */
export function manifestOf(connector: Connector): Manifest {
  const { id, kind, title, description, keywords = [], icon, category, summary, sample } = connector
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
    // Through text, because the schema's type allows functions and undefined, which its value never holds.
    input: objectSchema.parse(JSON.parse(JSON.stringify(schema))),
    ports: ports.map((port) => ({ ...port })),
    portsFrom: action?.portsFrom ?? null,
    isLoop: action?.loop !== undefined,
    bodyField: action?.bodyField ?? null,
    summary,
    sample,
    effect,
  }
}
