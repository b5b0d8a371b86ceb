import './code.css'
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands'
import { Annotation, Compartment, EditorState, type Extension, Prec, Transaction } from '@codemirror/state'
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { CONTROL } from '../controls/input.tsx'
import { classNames } from '../look/class-names.ts'
import { type BrokenPlace, brokenLine, goTo } from './broken-line.ts'
import { jsonHighlight } from './json-highlight.ts'
import type { TextSurface } from './text-surface.ts'

export type CodeFieldProps = {
  readonly id: string
  readonly label: string | undefined
  readonly value: string
  readonly onChange: (text: string) => void
  readonly multiline: boolean
  /** Lines that it is high at first; it grows to twice as many, and scrolls then. */
  readonly rows?: number
  readonly placeholder?: string | null | undefined
  /** Attributes of the text itself, such as `aria-invalid`. */
  readonly attributes?: Readonly<Record<string, string | undefined>>
  /** Where the text stops to be what it should be. */
  readonly broken?: BrokenPlace | null
  /** It is code, with a language that `extension` brings. */
  readonly isCode?: boolean
  readonly extension?: Extension
  readonly onCaret?: (from: number, to: number) => void
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly onFocus?: () => void
  readonly className?: string | undefined
  readonly ref?: Ref<TextSurface>
}

/** Marks what the program itself puts into a field. */
const fromOutside = Annotation.define<true>()

/**
 * A text field with an editor's comforts: lines of JSON are numbered, brackets paired, JSON is coloured. Tab and Escape leave it, as every
 * field. It is loaded when one is first needed.
 */
export function CodeField(props: CodeFieldProps) {
  const { value, multiline, rows = 3, extension, broken = null } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props
  const [attributesPart, extensionPart, brokenPart] = useParts()
  const attributes = attributesOf(props)
  const attributesKey = JSON.stringify(attributes)

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is put in below
  useLayoutEffect(() => {
    if (!host.current) return
    const created = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          Prec.highest(EditorView.domEventHandlers({ keydown: (event) => handled(event, latest.current.onKeyDown) })),
          history(),
          keymap.of([...historyKeymap, ...defaultKeymap.filter((one) => !LEFT_TO_OTHERS.has(one.key ?? ''))]),
          EditorView.lineWrapping,
          placeholder(latest.current.placeholder ?? ''),
          latest.current.isCode
            ? [lineNumbers(), codeLook]
            : multiline
              ? [lineNumbers(), lineCount, jsonHighlight()]
              : oneLine,
          attributesPart.of(EditorView.contentAttributes.of(attributes)),
          extensionPart.of(extension ?? []),
          brokenPart.of(brokenLine(broken)),
          EditorView.updateListener.of((update) => {
            const { onChange, onCaret, onFocus } = latest.current
            if (update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside))) {
              onChange(update.state.doc.toString())
            }
            const { from, to } = update.state.selection.main
            if (update.docChanged || update.selectionSet) onCaret?.(from, to)
            if (update.focusChanged && update.view.hasFocus) onFocus?.()
          }),
        ],
      }),
    })
    view.current = created
    return () => created.destroy()
  }, [])
  useLayoutEffect(() => {
    const text = value.replace(/\r\n?/g, '\n')
    const now = view.current?.state.doc
    if (!now || now.toString() === text) return
    view.current?.dispatch({
      changes: { from: 0, to: now.length, insert: text },
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    })
  }, [value])
  usePart(view, attributesPart, attributesKey, () => EditorView.contentAttributes.of(attributes))
  usePart(view, extensionPart, extension, () => extension ?? [])
  usePart(view, brokenPart, JSON.stringify(broken), () => brokenLine(broken))
  useLabelClick(props.id, view)

  useImperativeHandle(props.ref, () => ({
    focus: () => view.current?.focus(),
    goToLine(line) {
      if (view.current) goTo(view.current, { line })
    },
    apply({ start, end, inserted, caret }) {
      view.current?.dispatch({
        changes: { from: start, to: end, insert: inserted },
        selection: { anchor: caret },
        userEvent: 'input.complete',
        annotations: isolateHistory.of('full'),
        scrollIntoView: true,
      })
      view.current?.focus()
    },
    caretRect(offset) {
      const at = view.current?.coordsAtPos(offset)
      return at ? new DOMRect(at.left, at.top, 0, at.bottom - at.top) : null
    },
  }))
  return (
    <div
      ref={host}
      className={classNames(CONTROL, 'code-field', multiline && 'code-field-long', props.className)}
      data-invalid={props.attributes?.['aria-invalid']}
      style={{ '--rows': rows }}
    />
  )
}

/** Keys of an editor that mean something else here: leaving the field, running a zap. */
const LEFT_TO_OTHERS: ReadonlySet<string> = new Set(['Tab', 'Mod-Enter', 'Alt-ArrowDown', 'Alt-ArrowUp'])

/** Numbers are of use beside several lines of JSON, and in the way beside a message to a person. */
const lineCount = EditorView.editorAttributes.compute(['doc'], ({ doc }) => ({
  'data-lines': doc.lines > 1 && /^\s*[{[]/.test(doc.sliceString(0, 80)) ? 'many' : 'one',
}))

const codeLook = EditorView.editorAttributes.of({ 'data-lines': 'many', 'data-looks': 'code' })

/** What is pasted or dropped becomes one line; a line break is not taken. */
const oneLine: Extension = [
  EditorView.clipboardInputFilter.of((text) => text.replace(/\s*\n\s*/g, ' ')),
  EditorState.transactionFilter.of((change) => {
    const adds = change.docChanged && change.newDoc.lines > change.startState.doc.lines
    return adds && !change.annotation(fromOutside) ? [] : change
  }),
]

function handled(event: KeyboardEvent, onKeyDown: ((event: KeyboardEvent) => void) | undefined): boolean {
  onKeyDown?.(event)
  return event.defaultPrevented
}

function attributesOf({ id, label, multiline, attributes = {} }: CodeFieldProps): Record<string, string> {
  const given = {
    tabindex: '0',
    ...attributes,
    id,
    'aria-label': label,
    'aria-multiline': String(multiline),
    spellcheck: 'false',
  }
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function useParts(): readonly [Compartment, Compartment, Compartment] {
  const parts = useRef<readonly [Compartment, Compartment, Compartment]>(null)
  parts.current ??= [new Compartment(), new Compartment(), new Compartment()]
  return parts.current
}

/** Puts a part of the field's configuration in again when what it depends on is another; it was made with the first. */
function usePart(
  view: { readonly current: EditorView | null },
  part: Compartment,
  dependsOn: unknown,
  make: () => Extension,
): void {
  const configured = useRef(dependsOn)
  useLayoutEffect(() => {
    if (configured.current === dependsOn) return
    configured.current = dependsOn
    view.current?.dispatch({ effects: part.reconfigure(make()) })
  })
}

/** A click on the label brings the focus, as it does by itself for elements of forms. */
function useLabelClick(id: string, view: { readonly current: EditorView | null }): void {
  useLayoutEffect(() => {
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`)
    const focus = (): void => view.current?.focus()
    label?.addEventListener('click', focus)
    return () => label?.removeEventListener('click', focus)
  }, [id, view])
}
