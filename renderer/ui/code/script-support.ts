import {
  acceptCompletion,
  autocompletion,
  type CompletionSource,
  closeCompletion,
  completionStatus,
} from '@codemirror/autocomplete'
import { indentLess, indentMore } from '@codemirror/commands'
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Extension, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { classHighlighter } from '@lezer/highlight'

/** Milliseconds for which Tab leaves the text after Escape. */
const TAB_LEAVES_MS = 2_000

/**
 * What makes a text field one for code: colours, indentation, and completion by `source`. Tab indents, or takes what is offered; Escape closes the
 * list, and then lets Tab leave the field, so that the keyboard is not caught in it. A second Escape is the page's.
 */
export function scriptSupport(
  language: 'javascript' | 'jsonata' | 'shell' | 'sql',
  source: CompletionSource,
): Extension {
  const isScript = language === 'javascript'
  return [
    isScript ? [javascript(), javascriptLanguage.data.of({ autocomplete: source }), indentOnInput()] : [],
    syntaxHighlighting(classHighlighter),
    bracketMatching(),
    indentUnit.of('  '),
    isScript ? autocompletion({ icons: false, maxRenderedOptions: 60, interactionDelay: 0 }) : [],
    Prec.high(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
    keymap.of([{ key: 'Tab', run: indentMore, shift: indentLess }]),
    leaving(),
  ]
}

function leaving(): Extension {
  let leavesUntil = 0
  return Prec.highest(
    keymap.of([
      {
        key: 'Escape',
        run(view) {
          if (completionStatus(view.state) !== null && closeCompletion(view)) return true
          if (Date.now() < leavesUntil) return false
          leavesUntil = Date.now() + TAB_LEAVES_MS
          view.setTabFocusMode(TAB_LEAVES_MS)
          view.dispatch({ effects: EditorView.announce.of('Tab leaves the code now.') })
          return true
        },
      },
    ]),
  )
}
