import { useDeferredValue, useMemo } from 'react'
import type { TemplateScope } from '../../../core/domain/templates/template.ts'
import { TEMPLATE_ROOTS } from '../../../core/domain/zap/zap-file.ts'
import type { DataSource } from '../data/data-tree.ts'
import { withRound } from '../data/round-sources.ts'
import { useSampleScope } from '../data/samples.tsx'
import { nearestPath, type PathFix } from './nearest-path.ts'
import { type Preview, previewTemplate } from './template-preview.ts'

/** What a template becomes with the examples at hand, and what was probably meant where it reads what is not there. */
export function useTemplatePreview(
  text: string,
  sources: readonly DataSource[],
  isJsonText: boolean,
): { readonly preview: Preview; readonly scope: TemplateScope; readonly fix: PathFix | null } {
  const base = useSampleScope()
  const scope = useMemo(() => withRound(base, sources), [base, sources])
  const preview = useMemo(() => previewTemplate(text, scope, isJsonText), [text, scope, isJsonText])
  // A guess may come a moment after the key.
  const settled = useDeferredValue(text)
  const fix = useMemo(() => {
    const words = new Set([...sources.map((source) => source.id), ...TEMPLATE_ROOTS])
    return settled.includes('{{') ? nearestPath(settled, scope, words) : null
  }, [settled, sources, scope])
  return { preview, scope, fix: settled === text ? fix : null }
}
