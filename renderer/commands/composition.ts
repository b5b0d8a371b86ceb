/**
 * Keeps the keys that belong to an input method from everything here, in every field at once: the Enter that ends a composition adds and
 * submits nothing, its arrows and Escape walk through its own list. Imported first, for that: what hears keys earlier would hear them.
 */

/** Whether a key press belongs to an input method. Safari tells the Enter that ends a composition only by its number, 229. */
export function isOfInputMethod(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229
}

function keepToInputMethod(event: KeyboardEvent): void {
  if (!isOfInputMethod(event)) return
  event.stopImmediatePropagation()
  // Or a form would be submitted by it, without anything here having heard the key.
  if (event.key === 'Enter' || event.code === 'Enter' || event.code === 'NumpadEnter') event.preventDefault()
}

/** Begins to keep them. The page does so once, and for as long as it lives. */
export function guardComposition(target: Pick<Window, 'addEventListener'>): void {
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    target.addEventListener(type, keepToInputMethod, { capture: true })
  }
}

if (typeof window !== 'undefined') guardComposition(window)
