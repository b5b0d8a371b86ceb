import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { previewTemplate } from '../templates/template-preview.ts'
import type { DataSource, ShownSample } from './data-tree.ts'

/** What templates call the present item of a loop, and its place in the list. */
const ITEM = 'item'
const INDEX = 'index'

/** What a round of a loop adds to the data of its body: its item, where the loop goes through a list, and its number. */
export function roundSources(
  loop: Step,
  manifest: ConnectorManifest | undefined,
  samples: ReadonlyMap<string, ShownSample>,
): readonly DataSource[] {
  const name = loop.name ?? manifest?.title ?? loop.id
  const properties = manifest?.input.properties
  const hasItems = isJsonObject(properties) && properties.items !== undefined
  const first = firstItem(loop.input.items, samples)
  const index: DataSource = {
    id: INDEX,
    name: INDEX,
    uses: loop.uses,
    sample: { value: 0, from: 'connector' },
    from: `number of the round, from 0`,
  }
  if (!hasItems) return [index]
  const sample: ShownSample | undefined = first === undefined ? undefined : { value: first, from: 'connector' }
  return [{ id: ITEM, name: ITEM, uses: loop.uses, sample, from: `of ${name}` }, index]
}

/** What templates read in a round: all that they read outside, and the examples of the round. */
export function withRound(scope: TemplateScope, sources: readonly DataSource[]): TemplateScope {
  const round = sources.flatMap(({ id, sample }) =>
    (id === ITEM || id === INDEX) && sample ? [[id, sample.value] as const] : [],
  )
  return round.length === 0 ? scope : { ...scope, ...Object.fromEntries(round) }
}

// With the samples at hand, as the list is seldom written out.
function firstItem(items: Json | undefined, samples: ReadonlyMap<string, ShownSample>): Json | undefined {
  if (Array.isArray(items)) return items[0]
  if (typeof items !== 'string') return undefined
  const preview = previewTemplate(items, Object.fromEntries([...samples].map(([id, sample]) => [id, sample.value])))
  return preview.kind === 'value' && Array.isArray(preview.value) ? preview.value[0] : undefined
}
