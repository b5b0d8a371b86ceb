import type { Json } from '../domain/values/json.ts'
import type { ServiceContext } from './service-context.ts'

/** What a field may hold, as its service lists it. */
export type FieldOption = {
  /** What is written into the field. */
  readonly value: string
  readonly label: string
  /** More that tells it from others, such as the folder that it lies in. */
  readonly hint?: string | undefined
}

export type OptionsPage = {
  readonly options: readonly FieldOption[]
  /** Where the next page begins; null when this is the last one. */
  readonly next: string | null
}

export type OptionsRequest = {
  /** The step's fields, as they are written. */
  readonly input: Readonly<Record<string, Json>>
  /** What is looked for, where the field's `ui.options` says that the service searches; else '' at all times. */
  readonly search: string
  /** `next` of the page before; null for the first one. */
  readonly cursor: string | null
}

/** Lists what a field may hold. Throws a StepError that says why it cannot. */
export type OptionsSource = (request: OptionsRequest, context: ServiceContext) => Promise<OptionsPage>
