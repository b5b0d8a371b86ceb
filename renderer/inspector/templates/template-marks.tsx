import type { Ref } from 'react'
import { classNames } from '../../ui/look/class-names.ts'
import type { Preview } from './template-preview.ts'
import { templateParts } from './template-text.ts'

/**
 * The marks behind a template field's text. It lies exactly under the field, with the same text set invisibly: the field
 * itself stays an ordinary one, with its caret, selection, undo and input methods.
 */
export function TemplateMarks({
  text,
  preview,
  multiline,
  ref,
}: {
  text: string
  preview: Preview
  multiline: boolean
  ref: Ref<HTMLDivElement>
}) {
  const faulty = preview.kind === 'problem' ? preview.parts : null
  return (
    <div
      ref={ref}
      aria-hidden
      className={classNames(
        'template-text pointer-events-none absolute inset-0 overflow-hidden rounded border border-transparent bg-surface text-base text-transparent',
        multiline && 'template-text-long',
      )}
    >
      {templateParts(text).map((part, index) =>
        part.expression === null ? (
          part.text
        ) : (
          <mark
            key={part.start}
            data-part={index}
            className={classNames(
              'rounded-sm box-decoration-clone text-transparent',
              faulty?.has(index)
                ? 'bg-error-soft underline decoration-error decoration-wavy underline-offset-4'
                : 'bg-accent-soft shadow-[0_0_0_1px_var(--accent-line)]',
            )}
          >
            {part.text}
          </mark>
        ),
      )}
      {/* A line that ends the text has height in a field, but not in a block. */}
      {text.endsWith('\n') && ' '}
    </div>
  )
}
