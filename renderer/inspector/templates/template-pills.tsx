import { isolateHistory } from '@codemirror/commands'
import { type EditorState, type Extension, Prec } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap, ViewPlugin, WidgetType } from '@codemirror/view'
import { createRoot, type Root } from 'react-dom/client'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import type { PillFace } from './pill-face.ts'
import { type TemplatePart, templateParts } from './template-text.ts'

/** How the expressions of a field are shown: by whose value they are, and which of them read what is not there. */
export type PillLook = {
  readonly faceOf: (expression: string) => PillFace
  readonly faulty: ReadonlySet<number>
  /** Hears of a pill that was clicked, by the number of its part, and where it is. */
  onOpen(part: number, rect: DOMRect): void
  /** The number of the part whose menu is open; it is shown as selected. */
  readonly opened: number | null
}

/**
 * Shows every `{{ … }}` as a pill: icon, name of the step, path. One with the caret in it shows its text, to be edited; a click selects a
 * pill as a whole and opens its menu, a second one goes into it, and Backspace behind it removes it. The text itself is never anything but the template.
 */
export function templatePills(look: PillLook): Extension {
  return [
    ViewPlugin.define(
      (view) => ({
        decorations: draw(view, look),
        update(update) {
          if (update.docChanged || update.selectionSet || update.focusChanged)
            this.decorations = draw(update.view, look)
        },
      }),
      { decorations: (plugin) => plugin.decorations },
    ),
    Prec.high(
      keymap.of([
        { key: 'Backspace', run: (view) => removePill(view, (pill, caret) => pill.to === caret) },
        { key: 'Delete', run: (view) => removePill(view, (pill, caret) => pill.from === caret) },
      ]),
    ),
    EditorView.domEventHandlers({
      mousedown: (event, view) => onPill(event, view, (pill) => ({ anchor: pill.from, head: pill.to })),
      // Once the button is up, or else the field would take the focus back.
      click: (event) => {
        const pill = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-pill]') : null
        if (pill && event.detail === 1) look.onOpen(Number(pill.dataset.part), pill.getBoundingClientRect())
      },
      dblclick: (event, view) => onPill(event, view, (pill) => ({ anchor: pill.to - pill.closing })),
    }),
  ]
}

type Pill = { readonly from: number; readonly to: number; readonly closing: number }

function pillsOf(state: EditorState): readonly (Pill & { readonly part: TemplatePart; readonly index: number })[] {
  return templateParts(state.doc.toString()).flatMap((part, index) => {
    if (part.expression === null) return []
    const closing = /\s*-?\}\}$/.exec(part.text)?.[0].length ?? 2
    return [{ part, index, from: part.start, to: part.start + part.text.length, closing }]
  })
}

/** A quotation mark stays on the line of the pill that it stands beside. */
const QUOTED = Decoration.mark({ class: 'pill-quoted' })

function draw(view: EditorView, look: PillLook): DecorationSet {
  const { anchor, head, from: start, to: end, empty } = view.state.selection.main
  return Decoration.set(
    pillsOf(view.state).flatMap(({ part, index, from, to }) => {
      const isEdited = view.hasFocus && [anchor, head].some((at) => at > from && at < to)
      const isFaulty = look.faulty.has(index)
      if (isEdited || part.text.includes('\n')) {
        const mark = isFaulty ? 'template-mark template-mark-faulty' : 'template-mark'
        return [Decoration.mark({ class: mark, attributes: { 'data-part': String(index) } }).range(from, to)]
      }
      const isSelected = look.opened === index || (view.hasFocus && !empty && start <= from && end >= to)
      const widget = new PillWidget(part.text, index, look.faceOf(part.expression ?? ''), isFaulty, isSelected)
      const isQuote = (at: number): boolean => view.state.sliceDoc(at, at + 1) === '"'
      const [before, after] = [from > 0 && isQuote(from - 1) ? 1 : 0, isQuote(to) ? 1 : 0]
      return [
        ...(before + after > 0 ? [QUOTED.range(from - before, to + after)] : []),
        Decoration.replace({ widget }).range(from, to),
      ]
    }),
    true,
  )
}

class PillWidget extends WidgetType {
  readonly text: string
  readonly index: number
  readonly face: PillFace
  readonly isFaulty: boolean
  readonly isSelected: boolean

  constructor(text: string, index: number, face: PillFace, isFaulty: boolean, isSelected: boolean) {
    super()
    this.text = text
    this.index = index
    this.face = face
    this.isFaulty = isFaulty
    this.isSelected = isSelected
  }

  override eq(other: PillWidget): boolean {
    return (
      this.isSameFace(other) &&
      this.index === other.index &&
      this.isFaulty === other.isFaulty &&
      this.isSelected === other.isSelected
    )
  }

  override toDOM(): HTMLElement {
    const pill = document.createElement('span')
    const { icon, category, name, path, result } = this.face
    if (name !== '') {
      const tile = pill.appendChild(document.createElement('span'))
      tile.className = 'pill-icon'
      const root = createRoot(tile)
      root.render(<ConnectorIcon icon={icon} category={category} size={14} />)
      ROOTS.set(pill, root)
      pill.appendChild(document.createElement('span')).append(name)
    }
    if (path !== '') {
      const rest = pill.appendChild(document.createElement('span'))
      rest.className = 'pill-path'
      rest.append(path)
    }
    if (result !== null) {
      const after = pill.appendChild(document.createElement('span'))
      after.className = 'pill-result'
      after.append(result)
    }
    this.dress(pill)
    return pill
  }

  override updateDOM(pill: HTMLElement, _view: EditorView, from: PillWidget): boolean {
    if (!this.isSameFace(from)) return false
    this.dress(pill)
    return true
  }

  override destroy(pill: HTMLElement): void {
    // Not while React itself is drawing, which is when a field usually goes.
    const root = ROOTS.get(pill)
    if (root) queueMicrotask(() => root.unmount())
  }

  override ignoreEvent(): boolean {
    return false
  }

  private isSameFace({ face, text }: PillWidget): boolean {
    return (
      text === this.text &&
      face.name === this.face.name &&
      face.path === this.face.path &&
      face.result === this.face.result &&
      face.icon === this.face.icon
    )
  }

  private dress(pill: HTMLElement): void {
    pill.className = ['pill', this.isFaulty && 'pill-faulty', this.isSelected && 'pill-selected']
      .filter(Boolean)
      .join(' ')
    pill.dataset.part = String(this.index)
    pill.dataset.pill = this.text
  }
}

const ROOTS = new WeakMap<HTMLElement, Root>()

function removePill(view: EditorView, isMeant: (pill: Pill, caret: number) => boolean): boolean {
  const { empty, head } = view.state.selection.main
  const pill = empty ? pillsOf(view.state).find((one) => isMeant(one, head)) : undefined
  if (!pill) return false
  view.dispatch({
    changes: { from: pill.from, to: pill.to },
    userEvent: 'delete',
    annotations: isolateHistory.of('full'),
  })
  return true
}

function onPill(
  event: MouseEvent,
  view: EditorView,
  selectionOf: (pill: Pill) => { anchor: number; head?: number },
): boolean {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-pill]') : null
  const pill = element && pillsOf(view.state).find((one) => String(one.index) === element.dataset.part)
  if (!pill) return false
  event.preventDefault()
  view.focus()
  view.dispatch({ selection: selectionOf(pill) })
  return true
}
