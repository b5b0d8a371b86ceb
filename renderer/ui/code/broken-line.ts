import { type Extension, Prec, RangeSet, type Text } from '@codemirror/state'
import { Decoration, EditorView, GutterMarker, gutterLineClass, keymap } from '@codemirror/view'

/** Where a text stops to be what it should be: line and column from 1. With a message that stands at the end of the line. */
export type BrokenPlace = { readonly line: number; readonly column?: number; readonly message?: string }

/** The message is drawn by the style of the line, and is no node in it: what is typed over a selection would take that for text. */
const line = (message: string | undefined): Decoration =>
  Decoration.line({
    class: 'code-line-broken',
    ...(message !== undefined && { attributes: { 'data-problem': message } }),
  })
const word = Decoration.mark({ class: 'code-word-broken' })
const number = new (class extends GutterMarker {
  override elementClass = 'code-line-broken'
})()

/** Marks the place at which a text is broken; F8 leads there. */
export function brokenLine(at: BrokenPlace | null): Extension {
  if (at === null) return []
  return [
    EditorView.decorations.of(({ state: { doc } }) => {
      const from = startOf(doc, at)
      if (from === null) return Decoration.none
      const found = doc.lineAt(from)
      const marks = [line(at.message).range(found.from)]
      const end = endOfWord(doc, from, found.to)
      if (at.column !== undefined && end > from) marks.push(word.range(from, end))
      return Decoration.set(marks, true)
    }),
    gutterLineClass.compute(['doc'], ({ doc }) =>
      at.line > doc.lines ? RangeSet.empty : RangeSet.of(number.range(doc.line(at.line).from)),
    ),
    Prec.high(keymap.of([{ key: 'F8', run: (view) => goTo(view, at) }])),
  ]
}

/** Brings caret and focus to a place of a text. */
export function goTo(view: EditorView, at: BrokenPlace): boolean {
  const from = startOf(view.state.doc, at)
  if (from === null) return false
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
  view.focus()
  return true
}

function startOf(doc: Text, at: BrokenPlace): number | null {
  if (at.line > doc.lines) return null
  const { from, to } = doc.line(at.line)
  return Math.min(from + (at.column ?? 1) - 1, to)
}

/** The word that begins at a place or, where none does, its one character. */
function endOfWord(doc: Text, from: number, lineEnd: number): number {
  const rest = doc.sliceString(from, Math.min(lineEnd, from + 100))
  return from + Math.max(/^[\w$.]+/.exec(rest)?.[0].length ?? 0, rest === '' ? 0 : 1)
}
