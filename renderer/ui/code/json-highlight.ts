import { json } from '@codemirror/lang-json'
import { bracketMatching, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { classHighlighter } from '@lezer/highlight'

/** Colours JSON and pairs its brackets; other text is left as it is. */
export function jsonHighlight(): Extension {
  return [
    json(),
    syntaxHighlighting(classHighlighter),
    bracketMatching(),
    EditorView.editorAttributes.compute(['doc'], ({ doc }) => ({
      'data-looks': /^\s*[[{](?!\{)/.test(doc.sliceString(0, 200)) ? 'json' : 'text',
    })),
  ]
}
