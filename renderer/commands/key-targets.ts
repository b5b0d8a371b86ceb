/** Whether an element is a text field, which keeps every key for itself, undo included. */
export function isTextField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false
  return element.isContentEditable || element.matches('input, textarea, select')
}

/** Whether plain keys mean something to an element: lists and menus walk and search with them. */
export function usesPlainKeys(element: Element | null): boolean {
  return element?.closest('[role="listbox"], [role="combobox"], [role="tablist"], [role="menu"]') != null
}
