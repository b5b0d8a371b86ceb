import { ChevronRight, HardDrive } from 'lucide-react'
import type { FolderPage, FolderReach } from '../../core/contract/files.ts'

/** The way from the places to begin at down to the open folder; each part of it leads back there. */
export function FolderTrail({
  page,
  reach,
  onGo,
}: {
  page: FolderPage | null
  reach: FolderReach
  onGo(path: string | null): void
}) {
  const parts: { name: string; path: string | null }[] = [
    { name: reach === 'allowed' ? 'Allowed folders' : 'This computer', path: null },
    ...(page?.trail ?? []),
  ]
  return (
    <nav aria-label="Where you are" className="min-w-0 flex-1">
      <ol className="flex flex-wrap items-center gap-y-0.5">
        {parts.map(({ name, path }, index) => (
          <li key={path ?? ''} className="flex min-w-0 items-center">
            {index > 0 && <ChevronRight size={13} aria-hidden className="shrink-0 text-ink-faint" />}
            <button
              type="button"
              aria-current={index === parts.length - 1 && page !== null ? 'location' : undefined}
              className="flex h-6 max-w-48 min-w-0 items-center gap-1.5 rounded-sm px-1.5 text-ink-soft hover:bg-hover hover:text-ink aria-[current]:font-medium aria-[current]:text-ink"
              onClick={() => onGo(path)}
            >
              {index === 0 && <HardDrive size={13} aria-hidden className="shrink-0" />}
              <span className="truncate" title={path ?? undefined}>
                {name}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
