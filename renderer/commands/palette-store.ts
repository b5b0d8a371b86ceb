import { ChevronRight, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { type AnyCommand, type Command, faceOf } from './command.ts'

/** Something that the command palette can do or lead to. */
export type PaletteEntry = {
  /** Unlike that of any other entry. */
  readonly id: string
  readonly group: string
  readonly title: string
  /** A word more, beside the title. */
  readonly detail?: string
  readonly icon: LucideIcon
  /** What else it is found by. */
  readonly words?: string
  /** Whose shortcut it names. */
  readonly command?: AnyCommand
  run(): void
}

/** What the palette searches: everything, or the steps of the zap that is open. */
export type PaletteScope = 'everything' | 'steps'

/** The group of what is done with the open zap. */
export const THIS_ZAP_GROUP = 'This zap'

/** The group of the entries that lead to a step of the open zap. */
export const STEPS_GROUP = 'Steps of this zap'

/** Whether the palette is open, and for what. */
export const usePalette = create<{ scope: PaletteScope | null }>(() => ({ scope: null }))

export function openPalette(scope: PaletteScope): void {
  usePalette.setState({ scope })
}

export function closePalette(): void {
  usePalette.setState({ scope: null })
}

const sources = new Set<() => readonly PaletteEntry[]>()

/** What the screens that are shown now offer. */
export function entriesOfScreens(): readonly PaletteEntry[] {
  return [...sources].flatMap((source) => source())
}

/** Offers entries in the palette while this component is there. They are asked for each time that the palette opens. */
export function usePaletteEntries(source: () => readonly PaletteEntry[]): void {
  const latest = useRef(source)
  latest.current = source
  useEffect(() => {
    const ask = (): readonly PaletteEntry[] => latest.current()
    sources.add(ask)
    return () => void sources.delete(ask)
  }, [])
}

/** The commands of a surface that the palette offers at this moment. `now` returns the surface, as it is when one is chosen. */
export function paletteEntries<Surface>(
  commands: readonly Command<Surface>[],
  now: () => Surface,
  group: string,
): readonly PaletteEntry[] {
  const on = now()
  return commands
    .filter((command) => command.palette !== undefined && command.isEnabled?.(on) !== false)
    .map((command) => {
      const { title, icon = ChevronRight } = faceOf(command, on)
      const words = typeof command.palette === 'object' ? command.palette.words : ''
      return { id: command.id, group, title, icon, words, command, run: () => void command.run(now()) }
    })
}
