import { Braces } from 'lucide-react'
import { lazy, Suspense, useId, useMemo, useRef, useState } from 'react'
import { isDynamicText } from '../../../core/domain/templates/template.ts'
import { useConnectors } from '../../queries/connectors.ts'
import type { TextSurface } from '../../ui/code/text-surface.ts'
import { CONTROL } from '../../ui/controls/input.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { useOnceDrawn } from '../../ui/page/use-once-drawn.ts'
import { useAnnounced, useFieldBoard } from '../data/active-field.tsx'
import { DataPicker } from '../data/data-picker.tsx'
import { useDataSources } from '../data/samples.tsx'
import { useStepForm } from '../form/form-context.ts'
import { PillMenu } from '../pill-menu/pill-menu.tsx'
import { usePillMenu } from '../pill-menu/use-pill-menu.ts'
import { insertReference, leadsOn, type TextChange } from './completion.ts'
import { CompletionList } from './completion-list.tsx'
import { EditAsText } from './edit-as-text.tsx'
import { PathSuggestion } from './path-suggestion.tsx'
import { pillFace } from './pill-face.ts'
import { PillHint, useHoveredPill } from './pill-hint.tsx'
import { RawField } from './raw-field.tsx'
import { TemplateResult } from './template-result.tsx'
import { useCompletion } from './use-completion.ts'
import { useTemplatePreview } from './use-template-preview.ts'

const loadPillField = () => import('./pill-field.tsx')
const PillField = lazy(loadPillField)

/** Has the editor of template fields at hand before the first of them is opened. */
export function preloadTemplateFields(): void {
  void loadPillField().catch(() => undefined) // Opening a field loads it again, and shows what is wrong.
}

export type TemplateInputProps = {
  readonly id: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** Its name, where no label stands beside it. */
  readonly label?: string | undefined
  readonly multiline?: boolean
  readonly placeholder?: string | null
  readonly invalid?: boolean
  readonly describedBy?: string | undefined
  readonly onBlur?: () => void
  readonly className?: string
  /** Whether the template is shown as it is written, in place of pills; without it, the field has a switch of its own. */
  readonly raw?: boolean
  /** The line at which the text stops to be JSON. */
  readonly broken?: number | null
  /** Whether a text that is JSON with templates in it stays JSON, as it will be sent. */
  readonly isJsonText?: boolean
}

const NONE: ReadonlySet<number> = new Set()

/**
 * A text field in which `{{ … }}` is shown as pills, with the data of earlier steps at hand while it has the focus: click a value,
 * drag it, or type `{{` and choose with the arrow keys. What the text becomes is shown beneath it.
 */
export function TemplateInput(props: TemplateInputProps) {
  const { value, onChange, multiline = false, isJsonText = false } = props
  const { stepId } = useStepForm()
  const sources = useDataSources(stepId)
  const connectors = useConnectors()
  const { preview, scope, fix } = useTemplatePreview(value, sources, isJsonText)
  const field = useRef<TextSurface>(null)
  const box = useRef<HTMLDivElement>(null)
  const hover = useHoveredPill(box)
  const pickerId = useId()
  const onceDrawn = useOnceDrawn()
  const [isOpen, setOpen] = useState(false)
  const [caret, setCaret] = useState<readonly [number, number]>([0, 0])
  const [hasTyped, setTyped] = useState(false)
  const [isText, setText] = useState(false)
  const completion = useCompletion(hasTyped && caret[0] === caret[1] ? value : null, caret[0], sources)
  const faulty = preview.kind === 'problem' ? preview.parts : NONE
  const menu = usePillMenu(value, box)
  const look = useMemo(
    () => ({
      faceOf: (expression: string) => pillFace(expression, sources, connectors, scope),
      faulty,
      onOpen: menu.open,
      opened: menu.part,
    }),
    [sources, connectors, faulty, scope, menu.open, menu.part],
  )

  const apply = (change: TextChange): void => {
    field.current?.apply(change)
    setCaret([change.caret, change.caret])
  }
  const changePill = (expression: string | null): void => {
    const change = menu.changeOf(expression)
    menu.close()
    setTyped(false)
    if (change) apply(change)
  }
  const insert = (path: string): void => {
    menu.close()
    apply(insertReference(value, caret[0], caret[1], path))
    setTyped(false)
  }
  const board = useFieldBoard()
  const announce = useAnnounced(board, insert, sources)
  const take = (): void => {
    if (!fix) return
    const { start, end, instead } = fix
    const text = value.slice(0, start) + instead + value.slice(end)
    apply({
      text,
      start,
      end,
      inserted: instead,
      caret: value.indexOf('}}', start) + instead.length - (end - start) + 2,
    })
    setTyped(false)
  }
  const choose = (index: number, goOn: boolean): void => {
    const option = completion?.options[index]
    const change = completion?.choose(index, goOn)
    if (!option || !change) return
    apply(change)
    setTyped(goOn)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (completion) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      const isChoice = event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)
      if (step !== 0 && !event.altKey) completion.move(step)
      else if (isChoice) choose(completion.active, event.key === 'Tab' && leadsOn(completion.chosen))
      else if (event.key === 'Escape') {
        event.stopPropagation()
        setTyped(false)
      } else return
      event.preventDefault()
      return
    }
    if (event.key === 'Escape' && isOpen && board === null) {
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'ArrowDown' && event.altKey && board === null) {
      event.preventDefault()
      setOpen(true)
      onceDrawn(() => document.getElementById(`${pickerId}-search`)?.focus())
    } else if (event.key === 'Enter' && (event.altKey || !multiline || caret[0] !== caret[1]) && menu.openAt(caret)) {
      event.preventDefault()
    } else if (event.key === 'Enter' && !multiline) event.preventDefault()
  }
  const shared = {
    ref: field,
    id: props.id,
    label: props.label,
    value,
    multiline,
    placeholder: props.placeholder,
    attributes: {
      'aria-invalid': props.invalid ? 'true' : undefined,
      'aria-describedby': props.describedBy,
      'aria-autocomplete': 'list',
      'aria-controls': completion ? `${pickerId}-options` : undefined,
      'aria-activedescendant': completion ? `${pickerId}-option-${completion.active}` : undefined,
    } as const,
    className: props.className,
    onKeyDown,
    onChange: (text: string) => {
      setTyped(true)
      onChange(text)
    },
    onCaret: (from: number, to: number) => setCaret([from, to]),
    onFocus: () => {
      setTyped(false)
      setOpen(true)
      announce()
    },
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the focus left the field and its picker
    <div
      className="group/cell relative flex min-w-0 flex-1 flex-col"
      onBlur={(event) => {
        const to = event.relatedTarget
        const inPicker = to instanceof Element && to.closest('[data-data-picker]') !== null
        if (inPicker || event.currentTarget.contains(to)) return
        setOpen(false)
        props.onBlur?.()
      }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only tells what the pointer is over */}
      <div ref={box} className="relative" onMouseMove={hover.onMove} onMouseLeave={hover.onLeave}>
        {(props.raw ?? isText) ? (
          <RawField {...shared} preview={preview} />
        ) : (
          <Suspense fallback={<div className={classNames(CONTROL, multiline ? 'h-[86px]' : 'h-8')} />}>
            <PillField {...shared} look={look} broken={props.broken ? { line: props.broken } : null} />
          </Suspense>
        )}
        {sources.length > 0 && (
          <button
            type="button"
            tabIndex={-1}
            aria-label={`Insert data${props.label ? ` into ${props.label}` : ''}`}
            title="Insert data from earlier steps"
            className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink"
            onClick={() => {
              field.current?.focus()
              setOpen(!isOpen)
            }}
            hidden={board !== null}
          >
            <Braces size={14} aria-hidden />
          </button>
        )}
      </div>
      {/* Half of an expression is no mistake yet, and what the host has found stands below already. */}
      <div className="flex flex-wrap items-start justify-between gap-x-2">
        {!completion && !(props.invalid && preview.kind === 'problem') && <TemplateResult preview={preview} />}
        {props.raw === undefined && (isText || isDynamicText(value)) && (
          <span className="ml-auto flex shrink-0 pt-1.5 whitespace-nowrap">
            <EditAsText
              of="cell"
              title={props.label ?? ''}
              text={{
                kind: 'template',
                isText,
                isUseful: true,
                canGoBack: true,
                toggle: () => setText(!isText),
              }}
            />
          </span>
        )}
      </div>
      {!completion && fix && <PathSuggestion fix={fix} onTake={take} />}
      {menu.pill && (
        <PillMenu
          {...menu.pill}
          scope={scope}
          fix={fix !== null && menu.pill.holds(fix) ? fix : null}
          onChange={changePill}
          onClose={() => {
            menu.close()
            field.current?.focus()
          }}
        />
      )}
      {hover.pill && !completion && !menu.pill && (
        <PillHint pill={hover.pill} text={value} sources={sources} scope={scope} />
      )}
      {completion && (
        <CompletionList
          id={pickerId}
          completion={completion}
          place={() => field.current?.caretRect(caret[0]) ?? null}
          onChoose={(index) => choose(index, false)}
        />
      )}
      {isOpen && !completion && board === null && sources.length > 0 && (
        <DataPicker
          id={pickerId}
          anchor={box}
          sources={sources}
          onInsert={insert}
          onClose={() => {
            setOpen(false)
            field.current?.focus()
          }}
        />
      )}
    </div>
  )
}
