import type { ReactNode } from 'react'
import type { History } from '../../core/contract/values.ts'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'

/** How much history there is, and what it takes of the disk. */
export function HistoryFacts({ history }: { history: History }) {
  const { runs, since, databaseBytes, freeBytes, canShrink, blobs } = history
  return (
    <dl className="grid grid-cols-[160px_minmax(0,1fr)] gap-x-4 gap-y-2 tabular-nums">
      <Fact name="Runs">
        {runs.toLocaleString('en')}
        {since !== null && (
          <Aside>
            the oldest began <RelativeTime iso={since} />
          </Aside>
        )}
      </Fact>
      <Fact name="Database">
        {formatBytes(databaseBytes)}
        <Aside>
          {freeBytes === 0
            ? 'all of it in use'
            : `${formatBytes(freeBytes)} of it unused${canShrink ? '' : '; new runs take that first'}`}
        </Aside>
      </Fact>
      <Fact name="Large values">
        {blobs.count === 0 ? 'None' : formatBytes(blobs.bytes)}
        {blobs.count > 0 && (
          <Aside>{blobs.count === 1 ? 'in 1 file' : `in ${blobs.count.toLocaleString('en')} files`}</Aside>
        )}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-2">{children}</dd>
    </>
  )
}

function Aside({ children }: { children: ReactNode }) {
  return <span className="text-ink-faint">{children}</span>
}
