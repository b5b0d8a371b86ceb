import type { Approval } from '../../core/contract/values.ts'
import type { Json } from '../../core/domain/values/json.ts'

/** What is entered in the fields of a question, by their names. */
export type Filled = ReadonlyMap<string, Json>

/** What stands in the fields of a question at first. */
export function filledAtFirst({ fields }: Approval['question']): Filled {
  return new Map(
    fields.map(({ name, type, value }): [string, Json] => {
      switch (type) {
        case 'checkbox':
          return [name, value.length > 0]
        case 'choices':
          return [name, [...value]]
        case 'file':
          return [name, null]
        default:
          return [name, value[0] ?? '']
      }
    }),
  )
}
