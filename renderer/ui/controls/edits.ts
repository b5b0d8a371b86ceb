/** What is being typed into a field: `base` is what the field showed when that began. */
type Edit = { readonly base: string; readonly text: string }

/** What is being typed and is not saved, by field. The other fields show what the host says, as that changes. */
export type Edits = Readonly<Record<string, Edit>>

export const NO_EDITS: Edits = {}

/** A field that shows `shown` is entered: until it is left, nothing but typing changes it. */
export function entered(edits: Edits, field: string, shown: string): Edits {
  return edits[field] === undefined ? { ...edits, [field]: { base: shown, text: shown } } : edits
}

/** A field that showed `shown` has another text by the person's hand. */
export function typed(edits: Edits, field: string, shown: string, text: string): Edits {
  return { ...edits, [field]: { base: edits[field]?.base ?? shown, text } }
}

/** A field is left: as it was found, it follows the host again; what was typed into it stays. */
export function left(edits: Edits, field: string): Edits {
  return isTyped(edits, field) ? edits : only(edits, (one) => one !== field)
}

/** Whether a field has another text than the person found in it. */
export function isTyped(edits: Edits, field: string): boolean {
  const edit = edits[field]
  return edit !== undefined && edit.text !== edit.base
}

/** The edits of some fields. */
export function only(edits: Edits, keeps: (field: string) => boolean): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([field]) => keeps(field)))
}
