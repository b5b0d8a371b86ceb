import { isDynamicText } from '../../core/domain/templates/template.ts'

/** What is to be picked: a folder, a file that is there, or a file that may yet come into being. */
export type Picked = 'folder' | 'file' | 'new-file'

/**
 * A field's path as the folder to begin in and what is left of it. Where templates are in it, the folder ends before the first of them,
 * so that a name such as `{{ hook.body.id }}.txt` can move to another folder.
 */
export function splitPath(text: string, picked: Picked): { readonly folder: string; readonly name: string } {
  const begins = text.search(/\{\{|\{%/)
  if (begins === -1 && picked === 'folder') return { folder: text, name: '' }
  const fixed = begins === -1 ? text : text.slice(0, begins)
  const end = Math.max(fixed.lastIndexOf('/'), fixed.lastIndexOf('\\'))
  const name = text.slice(end + 1)
  if (end === -1) return { folder: '', name }
  // The root of a disk is nothing without its separator.
  return {
    folder: /^([A-Za-z]:)?[/\\]$/.test(fixed.slice(0, end + 1)) ? fixed.slice(0, end + 1) : fixed.slice(0, end),
    name,
  }
}

/** A name in a folder, as a field or the host names it; the folder may be the empty text. */
export function joinPath(folder: string, name: string, separator: string): string {
  return folder === '' || folder.endsWith(separator) ? folder + name : folder + separator + name
}

/** Whether a path could not stand in a field: what looks like a template would be rendered. */
export function readsAsTemplate(path: string): boolean {
  return isDynamicText(path)
}
