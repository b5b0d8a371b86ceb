import type { DesktopEvents } from '../connectors/trigger-sources.ts'
import type { Desktop } from '../domain/host/desktop.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'

/** Milliseconds between two looks at the clipboard, of which no system tells that it changed. */
const LOOK_MS = 700
/** Characters of a text that is taken from the clipboard. */
const MAX_TEXT = 1_000_000
/** Characters of a link, and values that it hands over. */
const MAX_LINK = 8_000
const MAX_VALUES = 100

/** What happens on the desktop, of which triggers hear. Each thing is only listened to while a trigger asks for it. */
export function createDesktopEvents(config: {
  readonly desktop: Desktop
  readonly clock: Clock
  readonly log: Log
}): DesktopEvents {
  const { desktop, clock, log } = config
  const links = new Set<Parameters<DesktopEvents['onLink']>[0]>()
  const copies = new Set<(text: string) => void>()
  const keys = new Map<string, { readonly pressed: Set<() => void>; readonly giveBack: (() => void) | null }>()
  let stopLinks = (): void => undefined
  let stopLooking = (): void => undefined
  let lastText: string | null = null

  /** Looks, and again in a moment for as long as a trigger asks for it. */
  function look(): void {
    const { clipboard } = desktop
    if (clipboard === null || copies.size === 0) return
    clipboard.read().then(
      (text) => {
        // What is there at the first look was copied before.
        const isNews = lastText !== null && text !== lastText && text !== '' && text.length <= MAX_TEXT
        lastText = text
        if (isNews) for (const listener of [...copies]) listener(text)
        again()
      },
      (error: unknown) => {
        log.warn('The clipboard could not be looked at.', { error: String(error) })
        again()
      },
    )
  }

  function again(): void {
    stopLooking()
    if (copies.size > 0) stopLooking = clock.after(LOOK_MS, look)
  }

  return {
    onLink(listener) {
      if (links.size === 0 && desktop.links !== null) {
        stopLinks = desktop.links((url) => {
          const link = readLink(url)
          if (link !== null) for (const one of [...links]) one(link)
        })
      }
      links.add(listener)
      return () => {
        links.delete(listener)
        if (links.size === 0) stopLinks()
      }
    },
    onHotkey(combination, pressed) {
      const known = keys.get(combination.toLowerCase())
      if (known !== undefined) known.pressed.add(pressed)
      else {
        const all = new Set([pressed])
        const giveBack =
          desktop.hotkeys?.(combination, () => {
            for (const one of [...all]) one()
          }) ?? null
        if (giveBack === null && desktop.hotkeys !== null) {
          log.warn(
            `The keys ${combination} start nothing: another program has them. Choose others in the zap, or free them there.`,
          )
        }
        keys.set(combination.toLowerCase(), { pressed: all, giveBack })
      }
      return () => {
        const taken = keys.get(combination.toLowerCase())
        taken?.pressed.delete(pressed)
        if (taken === undefined || taken.pressed.size > 0) return
        keys.delete(combination.toLowerCase())
        taken.giveBack?.()
      }
    },
    onClipboard(listener) {
      copies.add(listener)
      if (copies.size === 1) look()
      return () => {
        copies.delete(listener)
        if (copies.size > 0) return
        stopLooking()
        lastText = null
      }
    },
  }
}

/** A link `hookline://link/NAME?a=b`; null for any other. Any page may open one, so nothing in it is trusted. */
function readLink(url: string): { readonly name: string; readonly query: Record<string, string> } | null {
  if (url.length > MAX_LINK) return null
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'hookline:' || parsed.host !== 'link') return null
  const name = /^\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/?$/.exec(parsed.pathname)?.[1]
  if (name === undefined) return null
  const query = new Map<string, string>()
  for (const [key, value] of parsed.searchParams) {
    if (query.size === MAX_VALUES) break
    query.set(key, value)
  }
  return { name, query: Object.fromEntries(query) }
}
