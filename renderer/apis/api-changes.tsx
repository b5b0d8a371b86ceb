import type { ReadApi } from '../../core/contract/app-values.ts'

/** What a newer description changes of an app, and the zaps that notice. */
export function ApiChanges({ changes }: { changes: NonNullable<ReadApi['changes']> }) {
  const { added, changed, gone, zaps } = changes
  const isSame = added.length + changed.length + gone.length === 0
  return (
    <>
      <section aria-label="Zaps" className="rounded-lg border border-line bg-surface">
        <h2 className="border-line border-b px-4 py-2.5 font-medium">
          {zaps.length === 0 ? 'No zap notices' : `${zaps.length} ${zaps.length === 1 ? 'zap' : 'zaps'} would change`}
        </h2>
        <p className="px-4 py-2.5 text-ink-soft">
          What is published goes on as it is; drafts follow, and a person publishes them. Address and credential stay.
        </p>
        <ul>
          {zaps.map((zap) => (
            <li key={zap.zapId} className="border-line border-t px-4 py-2.5">
              <a href={`#/zaps/${zap.zapId}`} className="font-medium text-accent hover:underline">
                {zap.name}
              </a>
              {zap.changed.length > 0 && <p className="text-sm text-ink-soft">Changed: {zap.changed.join(', ')}</p>}
              {zap.gone.length > 0 && (
                <p className="text-sm text-waiting">Gone, goes on with what it carries: {zap.gone.join(', ')}</p>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="What changed" className="rounded-lg border border-line bg-surface">
        <h2 className="border-line border-b px-4 py-2.5 font-medium">{isSame ? 'Nothing changed' : 'What changed'}</h2>
        <Titles of="Added" titles={added} />
        <Titles of="Changed" titles={changed} />
        <Titles of="Gone" titles={gone} />
      </section>
    </>
  )
}

const MOST_SHOWN = 100

function Titles({ of, titles }: { of: string; titles: readonly string[] }) {
  if (titles.length === 0) return null
  return (
    <details open={titles.length <= 12} className="border-line px-4 py-2.5 not-last:border-b">
      <summary className="cursor-default font-medium text-ink-soft">
        {of} <span className="font-normal text-ink-faint tabular-nums">{titles.length}</span>
      </summary>
      <ul className="pt-1">
        {[...new Set(titles)].slice(0, MOST_SHOWN).map((title) => (
          <li key={title} className="truncate py-0.5 text-sm">
            {title}
          </li>
        ))}
        {titles.length > MOST_SHOWN && (
          <li className="text-sm text-ink-faint">and {titles.length - MOST_SHOWN} more</li>
        )}
      </ul>
    </details>
  )
}
