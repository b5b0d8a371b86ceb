import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { useMemo, useRef } from 'react'
import { CodeField, type CodeFieldProps } from '../../ui/code/code-field.tsx'
import { scriptSupport } from '../../ui/code/script-support.ts'
import { type CodeScope, codeOptions } from './code-completion.ts'

/** A field for code, with completion of the values that it reads. It is loaded when one is first needed. */
export default function ScriptField({
  language,
  scope,
  ...rest
}: Omit<CodeFieldProps, 'extension' | 'isCode' | 'multiline'> & {
  language: 'javascript' | 'jsonata' | 'shell' | 'sql'
  scope: CodeScope
}) {
  const latest = useRef(scope)
  latest.current = scope
  const extension = useMemo(
    () => scriptSupport(language, (context) => completions(context, latest.current)),
    [language],
  )
  return <CodeField {...rest} multiline isCode extension={extension} />
}

function completions(context: CompletionContext, scope: CodeScope): CompletionResult | null {
  const found = codeOptions(context.state.doc.toString(), context.pos, scope)
  if (found === null) return null
  const options = found.options.map(({ label, detail, isMethod }, index) => ({
    label,
    detail,
    type: isMethod ? 'method' : 'property',
    // In the order of the value.
    boost: 50 - index,
  }))
  return { from: found.from, options, validFor: /^[\w$]*$/ }
}
