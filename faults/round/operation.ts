import type { Random } from '../random.ts'
import type { Life } from './host-under-test.ts'
import type { RoundRecord } from './record.ts'

/** What operations work on. */
export type Scene = {
  readonly folder: string
  readonly targetPort: number
  readonly secrets: { readonly sender: string; readonly target: string }
  readonly record: RoundRecord
  /** Ids of the zaps under test, by name. */
  readonly zapIds: Map<string, string>
  /** Numbers that events, sender's ids and editions are made of. */
  count: number
}

/** Something that a sender or a person does. All choices are made before anything is waited for, so a seed repeats them. */
export type Operation = {
  readonly name: string
  readonly weight: number
  /** Chooses what exactly is done, and returns it. */
  plan(random: Random, scene: Scene): (life: Life) => Promise<unknown>
}
