import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { basename, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeText, MOST_TEXT_BYTES, type Opened, TextError, tooLarge } from '../../core/contract/values.ts'

/** The scheme of links to Hookline. */
export const SCHEME = 'hookline'

/** Longer than any link of ours, and short enough to be looked at. */
const MOST_LINK_CHARS = 2_000

const ZAP_FILE = /\.zap\.json$/i

/** With or without slashes: the system hands over both, and only the former leads somewhere. */
export const isLink = (word: string): boolean => word.slice(0, SCHEME.length + 1).toLowerCase() === `${SCHEME}:`

/** Links of `hookline://link/NAME` start zaps, which need no window; they are heard elsewhere. */
export const startsZaps = (link: string): boolean => /^hookline:\/\/link(?:[/?]|$)/i.test(link.slice(0, 20))

/** What of a start's arguments is to be opened: links and zap files. What else stands there is the system's, or Chromium's. */
export function openedWords(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith('-') && (isLink(word) || ZAP_FILE.test(word.slice(-20))))
}

/**
 * Which screen a link leads to: `hookline://zap/ID`, `hookline://run/ID` and the screens by name. A link comes from any page and is done
 * nothing for but that: what it names is shown, and only by ids of ours.
 */
export function openLink(link: string): Opened {
  const refused: Opened = {
    kind: 'refused',
    message: `This link leads nowhere in Hookline: ${visible(link)}. Links are hookline://zap/ID, hookline://run/ID and hookline://runs.`,
  }
  if (link.length > MOST_LINK_CHARS) return refused
  const [, kind = '', id] = /^hookline:\/\/([a-z]{1,20})(?:\/([A-Za-z0-9_]{1,64}))?\/?$/i.exec(link) ?? []
  switch (kind.toLowerCase()) {
    case 'zap':
    case 'run':
      return id === undefined ? refused : { kind: 'screen', path: `/${kind.toLowerCase()}s/${id}` }
    case 'zaps':
    case 'runs':
    case 'approvals':
    case 'tables':
    case 'inbox':
    case 'outbox':
    case 'credentials':
    case 'settings':
      return id === undefined ? { kind: 'screen', path: `/${kind.toLowerCase()}` } : refused
    default:
      return refused
  }
}

/** The text of a zap file for its review; what is no plain file of this computer and of a fit size is refused unread. */
export async function openZapFile(word: string, workingFolder: string): Promise<Opened> {
  const refuse = (message: string): Opened => ({ kind: 'refused', message })
  const given = givenPath(word)
  if (given === null || given.includes('\0')) return refuse('That is no path of a file.')
  const name = visible(basename(given.replaceAll('\\', '/')))
  const path = isAbsolute(given) ? given : resolve(workingFolder, given)
  // To touch it would send this computer's password to a server of the link's maker.
  if ([given, path].some((each) => /^[\\/]{2}/.test(each)))
    return refuse(`${name} lies on another computer: copy it to this one, then open it here.`)
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) return refuse(`${name} is only a link to another file: open that file itself.`)
    if (!found.isFile()) return refuse(`${name} is no file.`)
    // A link may have taken its place meanwhile; and a pipe's other end is not waited for.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const { size } = await file.stat()
      if (size > MOST_TEXT_BYTES) throw tooLarge(name)
      const bytes = new Uint8Array(size)
      const { bytesRead } = await file.read(bytes, 0, size, 0)
      return { kind: 'zap-file', file: name, text: decodeText(bytes.subarray(0, bytesRead), name) }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof TextError) return refuse(error.message)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return refuse(
      code === 'ENOENT' ? `There is no file ${name} any more.` : `${name} cannot be read: look at its permissions.`,
    )
  }
}

/** Linux hands a file over as an address (`Exec=hookline %U`). Null for one that names no file; that of another computer is a path with two slashes. */
function givenPath(word: string): string | null {
  if (!/^file:/i.test(word.slice(0, 5))) return word
  const url = URL.parse(word)
  if (url === null) return null
  if (url.host !== '') return `//${url.host}${url.pathname}`
  try {
    return fileURLToPath(url)
  } catch {
    return null
  }
}

/** Text from outside in a sentence of ours: short, and on one line. */
function visible(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return short.replace(/[\p{C}\u2028\u2029]/gu, '�')
}

/** What was opened with the app and was not looked at yet. */
export type OpenedQueue = {
  add(opened: Opened): void
  /** Opens links and zap files that the system handed over; words that are neither do nothing. */
  openWords(words: readonly string[], workingFolder: string): Promise<void>
  take(): readonly Opened[]
  /** How many there have been. */
  count(): number
}

/** Kept at most: more than that opens no person, and each may be megabytes. */
const MOST_OPENED = 20

export function createOpenedQueue(changed: () => void): OpenedQueue {
  let waiting: Opened[] = []
  let count = 0
  const add = (opened: Opened): void => {
    waiting = [...waiting, opened].slice(-MOST_OPENED)
    count++
    changed()
  }
  return {
    add,
    async openWords(words, workingFolder) {
      for (const word of openedWords(words).slice(0, MOST_OPENED)) {
        if (!isLink(word)) add(await openZapFile(word, workingFolder))
        else if (!startsZaps(word)) add(openLink(word))
      }
    },
    take() {
      const taken = waiting
      waiting = []
      return taken
    },
    count: () => count,
  }
}
