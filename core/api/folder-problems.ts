import { dirname, isAbsolute, resolve } from 'node:path'
import type { Catalogue } from '../connectors/catalogue.ts'
import { widgetOf } from '../connectors/kit/unfinished.ts'
import { isDynamicText } from '../domain/templates/template.ts'
import { fieldSubject } from '../domain/zap/field-subject.ts'
import type { Problem } from '../domain/zap/problem.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import { allowedRoot, type FolderRules, isClosed } from '../files/allowed-folders.ts'

/** Paths in the steps of a draft that no run could reach, as they lie outside of the allowed folders. */
export function folderProblems(catalogue: Catalogue, draft: ZapFile, rules: FolderRules): Problem[] {
  return draft.steps.flatMap((step) =>
    pathFields(catalogue, step).flatMap(({ name, path, isFolder }): Problem[] => {
      const [own] = rules.all()
      const at = knownPart(path, isFolder)
      if (at === null || allowedRoot(rules, resolve(own, at)) !== undefined) return []
      const folder = isFolder || at !== path ? resolve(own, at) : dirname(resolve(own, at))
      const subject = fieldSubject([name], step)
      const problem = { severity: 'field', code: 'folder-not-allowed', step: step.id, field: `input.${name}` } as const
      if (isClosed(rules.closed, resolve('/'), resolve(own, at))) {
        const message = `${subject} lies in ${folder}, which belongs to Hookline itself; choose another folder, such as ${own}.`
        return [{ ...problem, message }]
      }
      const message = `${subject} lies in ${folder}, which steps may not use; allow this folder, or choose one of ${rules.all().join(', ')}.`
      return [{ ...problem, message, allowFolder: folder }]
    }),
  )
}

/** The fields of a step that hold a path, by the control of their form. */
function pathFields(catalogue: Catalogue, step: Step): { name: string; path: string; isFolder: boolean }[] {
  const shape = catalogue.find(step.uses)?.input.shape ?? {}
  return Object.entries(shape).flatMap(([name, schema]) => {
    const widget = widgetOf(schema)
    const path = step.input[name]
    if ((widget !== 'file-path' && widget !== 'folder-path') || typeof path !== 'string' || path.trim() === '')
      return []
    return [{ name, path, isFolder: widget === 'folder-path' }]
  })
}

/** As much of a path as is known before a run: all of it, or the folder before its first template. Null when that says nothing. */
function knownPart(path: string, isFolder: boolean): string | null {
  if (!isDynamicText(path)) return path
  const start = path.search(/\{[{%]/)
  const before = path.slice(0, start)
  const end = Math.max(before.lastIndexOf('/'), before.lastIndexOf('\\'))
  // A relative path begins in a folder that is allowed, wherever its template leads.
  if (end <= 0 || !isAbsolute(path)) return null
  return isFolder && end === before.length ? before : before.slice(0, end)
}
