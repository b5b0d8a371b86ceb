import { triggerWords } from './trigger-words.ts'

/** What starts a zap, as the host says it, with addresses set as addresses and usual timetables in words. */
export function TriggerSummary({ summary }: { summary: string }) {
  const trigger = triggerWords(summary)
  return (
    <span className="block truncate text-ink-soft" title={summary}>
      {'words' in trigger ? (
        trigger.words
      ) : (
        <>
          <span className="mr-1.5 text-xs font-semibold text-ink-faint">{trigger.method}</span>
          <span className="font-mono text-sm">{trigger.path}</span>
        </>
      )}
    </span>
  )
}
