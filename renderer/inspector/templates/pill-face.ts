import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { DataSource } from '../data/data-tree.ts'

/** What a pill shows of an expression: whose value it is, and which. */
export type PillFace = {
  readonly icon: string | undefined
  readonly category: ConnectorManifest['category'] | undefined
  /** Name of the step; empty where the expression begins with nothing that is known. */
  readonly name: string
  /** The rest of the expression. */
  readonly path: string
}

/** How an expression is shown. `hook.body.id | upcase` of the step "Order" is "Order", `body.id | upcase`. */
export function pillFace(
  expression: string,
  sources: readonly DataSource[],
  connectors: ReadonlyMap<string, ConnectorManifest>,
): PillFace {
  const root = /^[\p{L}_][\p{L}\p{N}_-]*/u.exec(expression)?.[0] ?? ''
  const source = sources.find((one) => one.id === root)
  if (!source) return { icon: undefined, category: undefined, name: '', path: expression }
  const manifest = connectors.get(source.uses ?? '')
  const path = expression.slice(root.length).replace(/^\s*\.?/, '')
  return { icon: manifest?.icon, category: manifest?.category, name: source.name, path }
}
