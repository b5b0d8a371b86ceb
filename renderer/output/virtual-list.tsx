import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'
import { ScrollArea } from './scroll-area.tsx'

/** Lines of which only those in sight are drawn, however many there are. They may differ in height. */
export function VirtualList({
  label,
  count,
  keyOf,
  children,
}: {
  /** What the list holds, for screen readers. */
  label: string
  count: number
  keyOf: (index: number) => string
  children: (index: number) => ReactNode
}) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    getItemKey: keyOf,
    overscan: 20,
  })
  return (
    <ScrollArea ref={scroller} label={label}>
      <ul aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={count}
            aria-posinset={item.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {children(item.index)}
          </li>
        ))}
      </ul>
    </ScrollArea>
  )
}
