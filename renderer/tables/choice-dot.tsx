import type { Column } from './cell-values.ts'

// Full class names, as Tailwind only makes those that it finds written out.
const HUES = [
  'bg-running',
  'bg-waiting',
  'bg-success',
  'bg-error',
  'bg-cat-schedule',
  'bg-cat-webhook',
  'bg-cat-data',
] as const

/** The dot before a choice. Decoration: the word stands beside it. */
export function ChoiceDot({ column, choice }: { column: Pick<Column, 'choices'>; choice: string }) {
  const at = column.choices.indexOf(choice)
  const hue = at < 0 ? 'bg-ink-faint' : (HUES[at % HUES.length] ?? 'bg-ink-faint')
  return <span aria-hidden className={`size-2 shrink-0 rounded-full ${hue}`} />
}
