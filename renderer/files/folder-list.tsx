import { useVirtualizer } from '@tanstack/react-virtual'
import { CornerDownRight, File, Folder, FolderSymlink, Link2Off } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { FolderEntry } from '../../core/contract/files.ts'
import { classNames } from '../ui/look/class-names.ts'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { whyNot } from './pick-target.ts'

const ROW = 32

/**
 * What a folder holds. The arrow keys move in it from the field above, which keeps the focus and names the active entry; only rows in
 * sight are drawn.
 */
export function FolderList({
  id,
  entries,
  total,
  active,
  onActive,
  onOpen,
  onEnd,
}: {
  id: string
  entries: readonly FolderEntry[]
  /** Entries that there are; those behind the known ones are asked for as they come into sight. */
  total: number
  /** Index of the active entry, or -1. */
  active: number
  onActive(index: number): void
  onOpen(entry: FolderEntry): void
  onEnd(): void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const isAtEnd = entries.length < total && (items.at(-1)?.index ?? -1) >= entries.length - 20
  useEffect(() => {
    if (isAtEnd) onEnd()
  }, [isAtEnd, onEnd])
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active)
  }, [active, virtual])

  return (
    <div ref={scroller} className="h-full overflow-y-auto p-1">
      <div id={id} role="listbox" aria-label="Content" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const entry = entries[index]
          if (entry === undefined) return null
          const why = whyNot(entry)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys
            <div
              key={entry.path}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              aria-disabled={why !== null}
              aria-setsize={total}
              aria-posinset={index + 1}
              title={entry.name}
              className={classNames(
                'absolute inset-x-0 top-0 flex cursor-default items-center gap-2 rounded px-2 select-none',
                index === active ? 'bg-accent-soft text-ink' : 'hover:bg-hover',
                why !== null && 'text-ink-faint',
              )}
              style={{ height: ROW, transform: `translateY(${start}px)` }}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onActive(index)}
              onDoubleClick={() => why === null && onOpen(entry)}
            >
              <EntryIcon entry={entry} />
              <span className="min-w-0 flex-1 truncate">{entry.name}</span>
              {why === null ? (
                <>
                  {entry.bytes !== null && (
                    <span className="shrink-0 text-sm text-ink-soft tabular-nums">{formatBytes(entry.bytes)}</span>
                  )}
                  {entry.changedAt !== null && (
                    <span className="w-24 shrink-0 truncate text-right text-sm text-ink-faint">
                      <RelativeTime iso={entry.changedAt} />
                    </span>
                  )}
                </>
              ) : (
                <span className="shrink-0 text-sm">{why}</span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function EntryIcon({ entry }: { entry: FolderEntry }) {
  const Icon =
    entry.kind === 'folder'
      ? entry.isLink
        ? FolderSymlink
        : Folder
      : entry.kind === 'file'
        ? File
        : entry.why === 'broken-link'
          ? Link2Off
          : CornerDownRight
  return (
    <Icon
      size={15}
      aria-label={entry.kind === 'folder' ? 'Folder' : entry.kind === 'file' ? 'File' : 'Out of reach'}
      className={classNames('shrink-0', entry.kind === 'folder' ? 'text-accent' : 'text-ink-faint')}
    />
  )
}
