import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import type { DataSource } from '../data/data-tree.ts'
import { splitExpression } from './expression.ts'
import { previewTemplate } from './template-preview.ts'

/** What a pill shows of an expression: whose value it is, and which. */
export type PillFace = {
  readonly icon: string | undefined
  readonly category: ConnectorManifest['category'] | undefined
  /** Name of the step; empty where the expression begins with nothing that is known. */
  readonly name: string
  /** What of that value. */
  readonly path: string
  /** What a value that is changed becomes with the examples; null for one that is not changed. */
  readonly result: string | null
}

/** Characters of a result that are shown. */
const MAX_RESULT = 28

/** How an expression is shown. `hook.body.id | upcase` of the step "Order" is "Order", `body.id`, `ORD_1`: people read results, and no names of filters. */
export function pillFace(
  expression: string,
  sources: readonly DataSource[],
  connectors: ReadonlyMap<string, ConnectorManifest>,
  scope: TemplateScope,
): PillFace {
  const { path: read, filters } = splitExpression(expression)
  const result = filters.length === 0 ? null : resultWords(expression, scope)
  const root = /^[\p{L}_][\p{L}\p{N}_-]*/u.exec(read)?.[0] ?? ''
  const source = sources.find((one) => one.id === root)
  if (!source) return { icon: undefined, category: undefined, name: '', path: read, result }
  const manifest = connectors.get(source.uses ?? '')
  const path = read.slice(root.length).replace(/^\s*\.?/, '')
  return { icon: manifest?.icon, category: manifest?.category, name: source.name, path, result }
}

function resultWords(expression: string, scope: TemplateScope): string {
  const preview = previewTemplate(`{{ ${expression} }}`, scope)
  if (preview.kind !== 'value') return 'changed'
  const { value } = preview
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  if (text === '') return 'empty'
  return text.length > MAX_RESULT ? `${text.slice(0, MAX_RESULT)}…` : text
}
