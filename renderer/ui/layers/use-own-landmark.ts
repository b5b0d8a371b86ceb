import { type RefObject, useState } from 'react'

/**
 * Where something that opens at a trigger belongs: into the main part of the page with its trigger, as all that can be read stands in
 * some landmark; null, for the body, where the trigger stands in a dialog, which hides the rest from screen readers.
 */
export function useOwnLandmark(trigger: RefObject<Element | null>): {
  readonly container: Element | null
  onOpenChange(open: boolean): void
} {
  const [container, setContainer] = useState<Element | null>(null)
  return {
    container,
    onOpenChange: (open) => {
      if (open) setContainer(trigger.current?.closest('main') ?? null)
    },
  }
}
