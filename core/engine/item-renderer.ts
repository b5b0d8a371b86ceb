import type { RenderChoice } from '../connectors/action-context.ts'
import { beginRendering, type RenderOptions, renderValue, type TemplateScope } from '../domain/templates/template.ts'
import type { Json } from '../domain/values/json.ts'

/** Renders as {@link renderValue} does; with an `item`, its templates read that as `item` and its place as `index`. */
export function itemRenderer(scope: TemplateScope, rendered?: RenderOptions['rendered']) {
  // One for all items: each is read before the next one takes its place.
  const ofItem: Record<string, unknown> = Object.create(null)
  return (value: Json, { missing, item }: RenderChoice = {}): Json | undefined => {
    const options = missing === undefined ? { rendered } : { missing, rendered }
    if (item === undefined) return renderValue(value, scope, options)
    if (ofItem.item === undefined) Object.assign(ofItem, scope)
    ofItem.item = item.item
    ofItem.index = item.index
    // The limit of time is one for each item: between two of them everything else has its turn.
    beginRendering(ofItem)
    return renderValue(value, ofItem, options)
  }
}
