import type { Step } from './zap-file.ts'

/** An output of a step that edges can leave. */
export type Port = { readonly id: string; readonly label?: string | undefined }

/** What the pure part of the core must know of a connector to check and draw a zap that uses it. */
export type ConnectorInfo = {
  readonly id: string
  readonly kind: 'trigger' | 'action'
  readonly title: string
  /** The ports of a step with this input, without the `error` port that `onError: "route"` adds. */
  ports(step: Step): readonly Port[]
  /** Whether the steps behind its port `each` are a body that is run again and again. */
  readonly isLoop: boolean
  /** For a loop: the input field whose templates may read the loop's own body. */
  readonly bodyField: string | null
  /** The input fields whose templates may read `item` and `index`, as they are rendered for each item of a list. */
  readonly itemFields: readonly string[]
  /** The input fields that hold no templates. */
  readonly verbatim: readonly string[]
  /**
   * Everything wrong with a draft's input. Fields that hold a template are checked for their templates only, as their
   * value is not known before the run. `path` is relative to the input (`["headers", "accept"]`).
   */
  checkInput(input: Step['input']): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}

/** Finds a connector by its permanent id; undefined for one that this version does not have. */
export type ConnectorLookup = (uses: string) => ConnectorInfo | undefined
