import { Braces } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { classNames } from '../ui/class-names.ts'
import { CONTROL } from '../ui/input.tsx'
import { insertReference, leadsOn, type TextChange } from './completion.ts'
import { CompletionList, caretRect } from './completion-list.tsx'
import { DataPicker } from './data-picker.tsx'
import { useStepForm } from './form-context.ts'
import { PathSuggestion } from './path-suggestion.tsx'
import { PillHint, useHoveredPill } from './pill-hint.tsx'
import { useDataSources } from './samples.tsx'
import { TemplateMarks } from './template-marks.tsx'
import { TemplateResult } from './template-result.tsx'
import { useCompletion } from './use-completion.ts'
import { useTemplatePreview } from './use-template-preview.ts'

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
}

/**
 * A text field in which `{{ … }}` is marked, with the data of earlier steps at hand while it has the focus: click a value,
 * drag it, or type `{{` and choose with the arrow keys. What the text becomes is shown beneath it.
 */
export function TemplateInput(props: TemplateInputProps) {
  const { value, onChange, multiline = false } = props
  const { stepId } = useStepForm()
  const sources = useDataSources(stepId)
  const { preview, scope, fix } = useTemplatePreview(value, sources)
  const field = useRef<HTMLTextAreaElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  const hover = useHoveredPill(marks)
  const pickerId = useId()
  const [isOpen, setOpen] = useState(false)
  const [caret, setCaret] = useState<readonly [number, number]>([0, 0])
  const [hasTyped, setTyped] = useState(false)
  const completion = useCompletion(hasTyped && caret[0] === caret[1] ? value : null, caret[0], sources)

  const readCaret = (): void => {
    const element = field.current
    if (element) setCaret([element.selectionStart, element.selectionEnd])
  }
  const apply = (change: TextChange): void => {
    const element = field.current
    if (!element) return
    element.focus()
    element.setSelectionRange(change.start, change.end)
    // The one way to change a field as if it had been typed, so that the field's own undo takes it back.
    if (!document.execCommand('insertText', false, change.inserted)) onChange(change.text)
    element.setSelectionRange(change.caret, change.caret)
    setCaret([change.caret, change.caret])
  }
  const insert = (path: string): void => {
    apply(insertReference(value, caret[0], caret[1], path))
    setTyped(false)
  }
  const take = (): void => {
    if (!fix) return
    const { start, end, instead } = fix
    const text = value.slice(0, start) + instead + value.slice(end)
    apply({ text, start, end, inserted: instead, caret: start + instead.length })
    setTyped(false)
  }
  const choose = (index: number, goOn: boolean): void => {
    const option = completion?.options[index]
    const change = completion?.choose(index, goOn)
    if (!option || !change) return
    apply(change)
    setTyped(goOn)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
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
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'ArrowDown' && event.altKey) {
      event.preventDefault()
      setOpen(true)
      requestAnimationFrame(() => document.getElementById(`${pickerId}-search`)?.focus())
    } else if (event.key === 'Enter' && !multiline) event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the focus left the field and its picker
    <div
      className="relative flex min-w-0 flex-1 flex-col"
      onBlur={(event) => {
        const to = event.relatedTarget
        const inPicker = to instanceof Element && to.closest('[data-data-picker]') !== null
        if (inPicker || event.currentTarget.contains(to)) return
        setOpen(false)
        props.onBlur?.()
      }}
    >
      <div className="relative">
        <TemplateMarks ref={marks} text={value} preview={preview} multiline={multiline} />
        <textarea
          ref={field}
          id={props.id}
          aria-label={props.label}
          aria-invalid={props.invalid || undefined}
          aria-describedby={props.describedBy}
          aria-autocomplete="list"
          aria-controls={completion ? `${pickerId}-options` : undefined}
          aria-activedescendant={completion ? `${pickerId}-option-${completion.active}` : undefined}
          rows={multiline ? 3 : 1}
          spellCheck={false}
          autoComplete="off"
          value={value}
          placeholder={props.placeholder ?? undefined}
          onChange={(event) => {
            const text = multiline ? event.target.value : event.target.value.replace(/\s*\n\s*/g, ' ')
            setTyped(true)
            onChange(text)
            setCaret([event.target.selectionStart, event.target.selectionEnd])
          }}
          onFocus={() => {
            setTyped(false)
            setOpen(true)
          }}
          onSelect={readCaret}
          onMouseMove={hover.onMove}
          onMouseLeave={hover.onLeave}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop
          }}
          className={classNames(
            CONTROL,
            'template-text relative bg-transparent!',
            multiline && 'template-text-long',
            props.className,
          )}
        />
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
          >
            <Braces size={14} aria-hidden />
          </button>
        )}
      </div>
      {/* Half of an expression is no mistake yet, and what the host has found stands below already. */}
      {!completion && !(props.invalid && preview.kind === 'problem') && <TemplateResult preview={preview} />}
      {!completion && fix && <PathSuggestion fix={fix} onTake={take} />}
      {hover.pill && !completion && <PillHint pill={hover.pill} text={value} sources={sources} scope={scope} />}
      {completion && (
        <CompletionList
          id={pickerId}
          completion={completion}
          place={() => marks.current && caretRect(marks.current, caret[0])}
          onChoose={(index) => choose(index, false)}
        />
      )}
      {isOpen && !completion && sources.length > 0 && (
        <DataPicker
          id={pickerId}
          anchor={field}
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
