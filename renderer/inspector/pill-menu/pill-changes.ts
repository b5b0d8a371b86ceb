import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { kindOf } from '../data/value-kind.ts'
import { type Expression, joinExpression } from '../templates/expression.ts'
import { type Preview, previewTemplate } from '../templates/template-preview.ts'
import { changesOf, isDefault } from './value-changes.ts'

/** What an expression becomes with the examples. */
export function resultOf(expression: Expression, scope: TemplateScope): Preview {
  return previewTemplate(`{{ ${joinExpression(expression)} }}`, scope)
}

/** The value of an expression; undefined where there is no example, or it cannot be read. */
export function exampleOf(expression: Expression, scope: TemplateScope): Json | undefined {
  const result = resultOf(expression, scope)
  return result.kind === 'value' ? result.value : undefined
}

/**
 * How many of an expression's filters stand before the change that the menu shows as made: the menu is about the value as these leave it.
 * What stands in for a missing value is none of them. Where no change of a menu is what is written, the last filter counts as the change.
 */
export function filtersBefore({ path, filters }: Expression, scope: TemplateScope): number {
  const changing = filters.filter((filter) => !isDefault(filter))
  for (let before = 0; before < changing.length; before++) {
    const value = exampleOf({ path, filters: changing.slice(0, before) }, scope)
    const kind = kindOf(value)
    const rest = changing.slice(before)
    if (kind !== null && changesOf(kind, value).some((change) => isSame(change.filters, rest))) return before
  }
  return Math.max(0, changing.length - 1)
}

/** Whether filters are the same ones. */
export function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((filter, at) => filter === others[at])
}

/** The filters with what stands in for a missing value in the place of what did so before; at the end, where it covers all. */
export function withDefault(filters: readonly string[], instead: readonly string[]): readonly string[] {
  return [...filters.filter((filter) => !isDefault(filter)), ...instead]
}
