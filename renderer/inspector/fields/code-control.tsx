import { useQuery } from '@tanstack/react-query'
import { Maximize2 } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { CodeProblem } from '../../../core/contract/connector-manifest.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { errorLine } from '../../output/console-lines.tsx'
import { queries } from '../../queries/queries.ts'
import { useIsWide, widen } from '../../stores/inspector-width.ts'
import type { BrokenPlace } from '../../ui/code/broken-line.ts'
import type { TextSurface } from '../../ui/code/text-surface.ts'
import { Button } from '../../ui/controls/button.tsx'
import { describedBy } from '../../ui/controls/field.tsx'
import { CONTROL } from '../../ui/controls/input.tsx'
import { Kbd } from '../../ui/controls/kbd.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { withRound } from '../data/round-sources.ts'
import { useDataSources, useSampleScope } from '../data/samples.tsx'
import { textOfValue } from '../data/value-text.ts'
import { type ControlProps, useControlId, useProblemAt, useSetValue, useStepForm } from '../form/form-context.ts'
import { previewTemplate } from '../templates/template-preview.ts'
import type { CodeScope } from './code-completion.ts'
import { takeCodePlace, useCodePlace } from './code-place.ts'

const ScriptField = lazy(() => import('./script-field.tsx'))

/** Milliseconds without a key after which code is looked at. */
const CHECK_MS = 300

/** Code, in which braces are no templates. What cannot be read is marked at its place, soon after it was typed. */
export function CodeControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const { stepId } = useStepForm()
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const text = textOfValue(value)
  const language = field.language ?? 'shell'
  const slip = useCodeProblem(language, text)
  const failed = useFailedLine(stepId, text)
  const place = useRef<TextSurface>(null)
  const wanted = useCodePlace(stepId)
  const isWide = useIsWide()
  useEffect(() => {
    if (wanted === null) return
    let frame = 0
    // The field may only be being loaded.
    const bring = (patience: number): void => {
      if (place.current?.goToLine) {
        place.current.goToLine(wanted)
        takeCodePlace()
      } else if (patience > 0) frame = requestAnimationFrame(() => bring(patience - 1))
    }
    frame = requestAnimationFrame(() => bring(120))
    return () => cancelAnimationFrame(frame)
  }, [wanted])
  return (
    <>
      <Suspense fallback={<div className={classNames(CONTROL, 'h-42')} />}>
        <ScriptField
          ref={place}
          id={id}
          label={field.title}
          language={language}
          scope={useCodeScope()}
          rows={language === 'javascript' ? 12 : 4}
          value={text}
          placeholder={field.placeholder}
          broken={slip ?? failed}
          attributes={{
            'aria-invalid': problem === null && slip === null ? undefined : 'true',
            'aria-describedby': `${describedBy(id, { help: field.description, error: problem }) ?? ''} ${id}-keys ${id}-slip`,
          }}
          onChange={(next) => setValue(path, next === '' ? undefined : next)}
        />
      </Suspense>
      <p id={`${id}-slip`} role="status" className={classNames('text-sm text-error', slip === null && 'sr-only')}>
        {slip !== null && `Line ${slip.line}, column ${slip.column}: ${slip.message}`}
      </p>
      <div className="flex items-start gap-2">
        <p id={`${id}-keys`} className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1 pt-1 text-xs text-ink-faint">
          <Kbd keys="Tab" /> indents; <Kbd keys="Escape" /> then <Kbd keys="Tab" /> leaves
          {slip !== null && (
            <>
              ; <Kbd keys="F8" /> goes to the mistake
            </>
          )}
        </p>
        {!isWide && (
          <Button size="sm" variant="ghost" icon={Maximize2} onClick={widen}>
            Open wide
          </Button>
        )}
      </div>
    </>
  )
}

/** The line at which the code failed in the run on the canvas, as long as it is the same code. */
function useFailedLine(stepId: string, code: string): BrokenPlace | null {
  const runId = useDraft((state) => state.run?.run.id)
  const step = useDraft((state) => state.run?.steps.find((one) => one.step === stepId))
  const ran = useRef({ runId, code })
  if (ran.current.runId !== runId) ran.current = { runId, code }
  const error = step?.attempts.at(-1)?.error
  const line = error ? errorLine(step?.output ?? undefined) : null
  return useMemo(
    () =>
      line === null || !error || ran.current.code !== code ? null : { line, message: plainMessage(error.message) },
    [line, error, code],
  )
}

/** A message without its place, which it stands at. */
const plainMessage = (message: string): string => message.replace(/^Line \d+, column \d+(?: of the code)?: /, '')

/** The first mistake in code that has not been changed for a moment; the last known one stays until the host has answered. */
function useCodeProblem(language: 'javascript' | 'jsonata' | 'shell' | 'sql', code: string): CodeProblem | null {
  const [settled, setSettled] = useState(code)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(code), CHECK_MS)
    return () => clearTimeout(timer)
  }, [code])
  const isChecked = (language === 'javascript' || language === 'jsonata') && settled.trim() !== ''
  const { data } = useQuery({
    ...queries.code.check.queryOptions({
      input: { language: language === 'jsonata' ? 'jsonata' : 'javascript', code: settled },
    }),
    enabled: isChecked,
    placeholderData: (before) => before,
    gcTime: 10_000,
  })
  return isChecked ? (data?.[0] ?? null) : null
}

/** What the code of the step around reads, with examples: its `input`, and the round of the loop around it. */
function useCodeScope(): CodeScope {
  const { stepId } = useStepForm()
  const given = useDraft((state) => state.history.present.steps.find((step) => step.id === stepId)?.input.input)
  const sources = useDataSources(stepId)
  const base = useSampleScope()
  return useMemo(() => {
    const scope = withRound(base, sources)
    const exampleOf = (template: Json): Json | undefined => {
      if (typeof template !== 'string') return template
      const preview = previewTemplate(template, scope)
      return preview.kind === 'value' ? preview.value : template.includes('{{') ? undefined : template
    }
    const rows = isJsonObject(given)
      ? Object.entries(given).map(([name, item]) => [name, exampleOf(item)] as const)
      : []
    const input: Json = Object.fromEntries(rows.map(([name, item]) => [name, item ?? null]))
    const round = sources
      .filter(({ id }) => id === 'item' || id === 'index')
      .map(({ id, sample }) => [id, sample?.value])
    return { input, ...Object.fromEntries(round) }
  }, [given, sources, base])
}
