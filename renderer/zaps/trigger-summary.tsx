import { cronInWords } from '../canvas/cron-in-words.ts'

const WEBHOOK = /^([A-Z]+(?:\/[A-Z]+)*) (\/\S+)$/

/** What starts a zap, as the host says it, with addresses set as addresses and usual timetables in words. */
export function TriggerSummary({ summary }: { summary: string }) {
  const [, method, path] = WEBHOOK.exec(summary) ?? []
  return (
    <span className="block truncate text-ink-soft" title={summary}>
      {path === undefined ? (
        capitalized(cronInWords(summary))
      ) : (
        <>
          <span className="mr-1.5 text-xs font-semibold text-ink-faint">{method}</span>
          <span className="font-mono text-sm">{path}</span>
        </>
      )}
    </span>
  )
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
