import { type Extension, RangeSet } from '@codemirror/state'
import { Decoration, EditorView, GutterMarker, gutterLineClass } from '@codemirror/view'

const line = Decoration.line({ class: 'code-line-broken' })
const number = new (class extends GutterMarker {
  override elementClass = 'code-line-broken'
})()

/** Marks the line, from 1, at which a text stops to be what it should be. */
export function brokenLine(at: number | null): Extension {
  if (at === null) return []
  return [
    EditorView.decorations.of(({ state: { doc } }) =>
      at > doc.lines ? Decoration.none : Decoration.set(line.range(doc.line(at).from)),
    ),
    gutterLineClass.compute(['doc'], ({ doc }) =>
      at > doc.lines ? RangeSet.empty : RangeSet.of(number.range(doc.line(at).from)),
    ),
  ]
}
