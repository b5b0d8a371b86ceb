import { type Ref, useImperativeHandle, useRef } from 'react'
import type { CodeFieldProps } from '../../ui/code/code-field.tsx'
import type { TextSurface } from '../../ui/code/text-surface.ts'
import { CONTROL } from '../../ui/controls/input.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { caretRect } from './completion-list.tsx'
import { TemplateMarks } from './template-marks.tsx'
import type { Preview } from './template-preview.ts'

type RawFieldProps = Omit<CodeFieldProps, 'broken' | 'extension' | 'ref' | 'onKeyDown'> & {
  readonly preview: Preview
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly ref: Ref<TextSurface>
}

/** A text field that shows a template as it is written, with its expressions marked. */
export function RawField(props: RawFieldProps) {
  const { value, onChange, multiline, preview, onCaret } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  useImperativeHandle(props.ref, () => ({
    focus: () => field.current?.focus(),
    apply({ start, end, inserted, caret }) {
      const element = field.current
      if (!element) return
      element.focus()
      element.setSelectionRange(start, end)
      // The one way to change a field as if it had been typed, so that the field's own undo takes it back.
      if (!document.execCommand('insertText', false, inserted)) {
        onChange(value.slice(0, start) + inserted + value.slice(end))
      }
      element.setSelectionRange(caret, caret)
      onCaret?.(caret, caret)
    },
    caretRect: (offset) => marks.current && caretRect(marks.current, offset),
  }))
  return (
    <>
      <TemplateMarks ref={marks} text={value} preview={preview} multiline={multiline} />
      <textarea
        ref={field}
        id={props.id}
        aria-label={props.label}
        {...props.attributes}
        rows={multiline ? 3 : 1}
        spellCheck={false}
        autoComplete="off"
        value={value}
        placeholder={props.placeholder ?? undefined}
        onChange={(event) => {
          const text = multiline ? event.target.value : event.target.value.replace(/\s*\n\s*/g, ' ')
          onChange(text)
          onCaret?.(event.target.selectionStart, event.target.selectionEnd)
        }}
        onFocus={props.onFocus}
        onSelect={(event) => onCaret?.(event.currentTarget.selectionStart, event.currentTarget.selectionEnd)}
        onKeyDown={(event) => props.onKeyDown(event.nativeEvent)}
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
    </>
  )
}
