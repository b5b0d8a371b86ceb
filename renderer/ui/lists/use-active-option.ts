import { type RefObject, useEffect, useRef } from 'react'

/**
 * Keeps `aria-activedescendant` of a cmdk list at the option that is selected. cmdk asks for that before the options are drawn again, and
 * where we filter them ourselves it then names one that is gone: a screen reader would say nothing.
 */
export function useActiveOption(): RefObject<HTMLDivElement | null> {
  const command = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const root = command.current
    if (!root) return
    const correct = (): void => {
      const id = root.querySelector('[cmdk-item][aria-selected="true"]')?.id
      for (const element of root.querySelectorAll('[cmdk-input], [cmdk-list]')) {
        if (id === undefined) element.removeAttribute('aria-activedescendant')
        else if (element.getAttribute('aria-activedescendant') !== id) element.setAttribute('aria-activedescendant', id)
      }
    }
    const observer = new MutationObserver(correct)
    const attributeFilter = ['aria-selected', 'aria-activedescendant', 'id']
    observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter })
    correct()
    return () => observer.disconnect()
  }, [])
  return command
}
