import type { RehearsalView } from '../../../core/contract/values.ts'

export type RehearsedLine = RehearsalView['lines'][number]
export type RehearsedChange = RehearsedLine['changes'][number]

/** Whether what a step would do to files can be shown without doing it. */
export const canRehearse = (uses: string): boolean =>
  /^(file|folder)\./.test(uses) && !/\.(watch|read|list|info)$/.test(uses)

/** The lines by what would come of them, in the order in which they are shown. */
export const GROUPS = [
  { verdict: 'change', title: 'Would be done' },
  { verdict: 'fail', title: 'Would fail' },
  { verdict: 'unknown', title: 'Not known' },
  { verdict: 'stay', title: 'Would stay' },
] as const

/** What would be done, as a word. */
export const KIND_WORDS: Readonly<Record<RehearsedChange['kind'], string>> = {
  move: 'moved',
  write: 'written',
  copy: 'copied',
  trash: 'into the trash',
  delete: 'deleted for ever',
  folder: 'made',
  append: 'one line more',
}

/** What is to be known of a change beside where the file would be. */
export function noteOf({ kind, numbered, replaces, makes }: RehearsedChange): string {
  const words = [
    ...(numbered ? ['name is taken: numbered'] : []),
    ...(replaces ? ['replaces a file'] : []),
    ...(makes.length === 1 ? [`makes the folder ${lastOf(makes[0] ?? '')}`] : []),
    ...(makes.length > 1 ? [`makes ${makes.length} folders`] : []),
  ]
  return words.length > 0 ? words.join(', ') : kind === 'move' ? '' : KIND_WORDS[kind]
}

const lastOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** A path below a folder as it is named from there; any other stays whole. */
export function pathFrom(folder: string | null, path: string): string {
  return folder !== null && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
}

/** A path in two parts: what it has in common with the one before, and what is new in it. */
export function newPart(before: string | null, after: string): readonly [string, string] {
  if (before === null) return ['', after]
  let at = 0
  while (at < after.length && after[at] === before[at]) at++
  const slash = after.lastIndexOf('/', at - 1) + 1
  return [after.slice(0, slash), after.slice(slash)]
}

/** What the button says that does it for some of the files. */
export function doWords(lines: readonly RehearsedLine[]): string {
  const count = lines.length === 1 ? 'this file' : `these ${lines.length.toLocaleString('en')} files`
  const isMove = lines.every(({ changes }) => changes.every(({ kind }) => kind === 'move'))
  return isMove ? `Move ${count} now` : `Do it for ${count} now`
}

/** All of it as text, to be copied: a line for each file, tabs between. */
export function asList({ lines }: RehearsalView): string {
  return lines
    .flatMap(({ path, verdict, why, changes }) =>
      verdict === 'change'
        ? changes.map((change) => [change.from ?? path ?? '', KIND_WORDS[change.kind], change.to, noteOf(change)])
        : [[path ?? '', verdict, '', why]],
    )
    .map((cells) => cells.join('\t'))
    .join('\n')
}
