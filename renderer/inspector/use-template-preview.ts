import { useDeferredValue, useMemo, useState } from 'react'
import type { TemplateScope } from '../../core/domain/template.ts'
import { TEMPLATE_ROOTS } from '../../core/domain/zap-file.ts'
import { useDraft } from '../editor/draft-store.ts'
import type { DataSource } from './data-tree.ts'
import { nearestPath, type PathFix } from './nearest-path.ts'
import { withRound } from './round-sources.ts'
import { useSamples } from './samples.tsx'
import { type Preview, previewTemplate, sampleScope } from './template-preview.ts'

/** What a template becomes with the examples at hand, and what was probably meant where it reads what is not there. */
export function useTemplatePreview(
  text: string,
  sources: readonly DataSource[],
): { readonly preview: Preview; readonly scope: TemplateScope; readonly fix: PathFix | null } {
  const samples = useSamples()
  const id = useDraft((state) => state.host.id)
  const name = useDraft((state) => state.history.present.name)
  // Fixed, so that a preview does not change under the reader's eyes.
  const [now] = useState(() => new Date().toISOString())
  const scope = useMemo(
    () => sampleScope(withRound(samples, sources), { id, name }, now),
    [samples, sources, id, name, now],
  )
  const preview = useMemo(() => previewTemplate(text, scope), [text, scope])
  // A guess may come a moment after the key.
  const settled = useDeferredValue(text)
  const fix = useMemo(() => {
    const words = new Set([...sources.map((source) => source.id), ...TEMPLATE_ROOTS])
    return settled.includes('{{') ? nearestPath(settled, scope, words) : null
  }, [settled, sources, scope])
  return { preview, scope, fix: settled === text ? fix : null }
}
