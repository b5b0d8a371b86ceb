import { marksIn } from './find-connectors.ts'

/** A title with what a search found in it marked. */
export function MarkedText({ text, search }: { text: string; search: string }) {
  const marks = search === '' ? [] : marksIn(text, search)
  return (
    <>
      {marks.map(([start, end], at) => (
        <span key={start}>
          {text.slice(marks[at - 1]?.[1] ?? 0, start)}
          <mark className="bg-transparent font-semibold text-accent">{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.[1] ?? 0)}
    </>
  )
}
