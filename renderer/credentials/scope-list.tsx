import { scopeWords } from './scope-words.ts'

/** What a service is asked to allow, in words; as it calls that stands in the tooltip of each. */
export function ScopeList({ scopes, label }: { scopes: readonly string[]; label: string }) {
  // Several may come to the same words.
  const byWords = new Map(scopes.map((scope) => [scopeWords(scope), scope]))
  return (
    <ul aria-label={label} className="list-disc pl-4 text-sm text-ink-soft">
      {[...byWords].map(([words, scope]) => (
        <li key={words} title={scope} className="break-words">
          {words}
        </li>
      ))}
    </ul>
  )
}
