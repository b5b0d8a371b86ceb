/** What this browser or window keeps between visits, by name. */
type KeptName =
  | 'theme'
  | 'contrast'
  | 'breakpoints'
  | 'shortcuts'
  | 'recent-steps'
  | 'favourite-apps'
  | 'wide-inspector'
  | 'page-preview'
  | 'inspector-widths'

const keyOf = (name: KeptName): string => `hookline.${name}`

/** What was kept under a name, as it was written; null when nothing was, or nothing can be. */
export function readKept(name: KeptName): string | null {
  try {
    return localStorage.getItem(keyOf(name))
  } catch {
    return null
  }
}

/** Keeps a text. Without storage (a private window) it is not kept, and what it stands for lasts as long as the page. */
export function keep(name: KeptName, text: string): void {
  try {
    localStorage.setItem(keyOf(name), text)
  } catch {
    // Nothing can be done about it, and no person has to be told.
  }
}

/** Reads lists of texts by name, as they were kept. What is none, or not `wanted`, is ignored: another program may have changed it. */
export function parseKeptLists(
  text: string | null,
  wanted: (name: string, list: readonly string[]) => boolean,
): Readonly<Record<string, readonly string[]>> {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(Object.entries(kept).filter(([name, list]) => isTexts(list) && wanted(name, list)))
  } catch {
    return {}
  }
}

const isTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.every((text) => typeof text === 'string')
