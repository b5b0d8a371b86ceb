import { isJsonList, isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import { shortValue } from '../data/data-tree.ts'

/** The values that code reads, by name, as far as examples tell. */
export type CodeScope = { readonly [name: string]: Json | undefined }

/** A word that may stand at the caret. `detail` shows its example. */
export type CodeOption = { readonly label: string; readonly detail: string; readonly isMethod: boolean }

export type CodeOptions = { readonly from: number; readonly options: readonly CodeOption[] }

/** Characters before the caret that are looked at for a path, and characters of code for names of its own. */
const LOOKED_AT = { path: 300, code: 20_000 }
const PATH =
  /(?<![\w$.])([A-Za-z_$][\w$]{0,60})((?:\??\.[A-Za-z_$][\w$]{0,60}|(?:\?\.)?\[[0-9]{1,6}\]){0,20})\??\.([\w$]{0,60})$/
const NAME = /(?<![\w$.])([A-Za-z_$][\w$]{0,60})$/
const WORD = '[A-Za-z_$][\\w$]{0,60}'
const ALIAS = new RegExp(`\\b(?:const|let|var) (${WORD}) = (${WORD}(?:\\.${WORD}){0,10})(?![\\w$.([])`, 'g')
const PARTS = new RegExp(`\\b(?:const|let|var) \\{([^{}=]{1,300})\\} = (${WORD}(?:\\.${WORD}){0,10})(?![\\w$.([])`, 'g')

const METHODS: Readonly<Record<'list' | 'text' | 'console' | 'DateTime', readonly string[]>> = {
  list: [
    'map',
    'filter',
    'find',
    'reduce',
    'some',
    'every',
    'includes',
    'join',
    'slice',
    'toSorted',
    'flatMap',
    'at',
    'length',
  ],
  text: [
    'split',
    'trim',
    'toLowerCase',
    'toUpperCase',
    'includes',
    'startsWith',
    'endsWith',
    'replaceAll',
    'slice',
    'match',
    'length',
  ],
  console: ['log', 'warn', 'error', 'info', 'debug', 'table'],
  DateTime: ['now', 'fromISO', 'fromFormat', 'fromMillis', 'fromSeconds', 'fromObject', 'utc', 'local'],
}

/** What can be typed at `caret`: names that the code reads, and what is inside of them. Null where there is nothing to offer. */
export function codeOptions(code: string, caret: number, scope: CodeScope): CodeOptions | null {
  const before = code.slice(Math.max(0, caret - LOOKED_AT.path), caret)
  const names = { ...scope, ...ownNames(code.slice(0, LOOKED_AT.code), scope) }
  const path = PATH.exec(before)
  if (path !== null) {
    const [, root = '', inner = '', typed = ''] = path
    const options = membersOf(root, inner, names)
    return options.length === 0 ? null : { from: caret - typed.length, options }
  }
  const name = NAME.exec(before)?.[1]
  if (name === undefined) return null
  const options = Object.entries(names).map(([label, value]) => optionOf(label, value))
  return {
    from: caret - name.length,
    options: [
      ...options,
      { label: 'DateTime', detail: 'Luxon', isMethod: false },
      { label: 'console', detail: '', isMethod: false },
    ],
  }
}

/** Names that the code gives to what it reads: `const { order } = input`, `const lines = order.lines`. */
function ownNames(code: string, scope: CodeScope): CodeScope {
  const own: Record<string, Json | undefined> = {}
  const known = (): CodeScope => ({ ...scope, ...own })
  for (const [, inner = '', path = ''] of code.matchAll(PARTS)) {
    const value = valueAt(path.split('.'), known())
    if (!isJsonObject(value)) continue
    for (const part of inner.split(',')) {
      const [name = '', alias = name] = part.split(':').map((word) => word.trim())
      if (Object.hasOwn(value, name)) own[alias] = value[name]
    }
  }
  for (const [, name = '', path = ''] of code.matchAll(ALIAS)) {
    const value = valueAt(path.split('.'), known())
    if (value !== undefined) own[name] = value
  }
  return own
}

function membersOf(root: string, inner: string, names: CodeScope): CodeOption[] {
  if (inner === '' && (root === 'console' || root === 'DateTime')) return methods(root)
  const value = valueAt([root, ...inner.split(/\??\.|\[|\]/).filter((key) => key !== '')], names)
  if (typeof value === 'string') return methods('text')
  if (value === undefined || value === null || typeof value !== 'object') return []
  if (isJsonList(value)) return methods('list')
  return Object.entries(value)
    .filter(([key]) => /^[A-Za-z_$][\w$]*$/.test(key))
    .map(([key, item]) => optionOf(key, item))
}

const methods = (of: keyof typeof METHODS): CodeOption[] =>
  METHODS[of].map((label) => ({ label, detail: '', isMethod: label !== 'length' }))

function optionOf(label: string, value: Json | undefined): CodeOption {
  const fields = isJsonObject(value) ? Object.keys(value).length : 0
  return {
    label,
    detail: fields > 0 ? `${fields} ${fields === 1 ? 'field' : 'fields'}` : shortValue(value),
    isMethod: false,
  }
}

function valueAt([root = '', ...keys]: readonly string[], names: CodeScope): Json | undefined {
  let value = Object.hasOwn(names, root) ? names[root] : undefined
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = isJsonList(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined
  }
  return value
}
