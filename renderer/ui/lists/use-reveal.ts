import { type RefObject, useEffect, useRef } from 'react'

/**
 * For a list with a button that shows the rest of it and then is gone: the focus, which would be lost with it, goes to the first of the items
 * that were hidden. The function it returns is called together with what shows them, with how many were shown until then.
 */
export function useReveal(list: RefObject<Element | null>): (shown: number) => void {
  const from = useRef<number | null>(null)
  useEffect(() => {
    if (from.current === null) return
    const item = list.current?.children[from.current]
    from.current = null
    if (!(item instanceof HTMLElement)) return
    const target = item.querySelector<HTMLElement>('a[href], button') ?? item
    if (target === item) item.tabIndex = -1
    target.focus()
  })
  return (shown) => {
    from.current = shown
  }
}
