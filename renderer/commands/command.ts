import type { LucideIcon } from 'lucide-react'
import type { Chord } from './chord.ts'

/** The groups in which commands are listed. */
export const GROUPS = ['Everywhere', 'Add and change', 'Test', 'Look around', 'Select', 'Move and resize'] as const

/**
 * Something that a person can do on a surface (all of Hookline, an open zap). Shortcuts, menus, the command palette, buttons and the list of
 * shortcuts all read it here: a new one is one entry in the `commands.ts` of its surface.
 */
export type Command<Surface> = {
  /** For good: own shortcuts are kept under it. */
  readonly id: string
  readonly title: string
  readonly group: (typeof GROUPS)[number]
  /** As they are until other keys are bound. */
  readonly keys: readonly Chord[]
  readonly icon?: LucideIcon
  /** What menus and buttons call it at this moment, where that depends on what is there. */
  face?(on: Surface): { readonly title: string; readonly icon: LucideIcon }
  /** Whether the command palette offers it, and what else it is found by. */
  readonly palette?: true | { readonly words: string }
  /** Absent where it is always possible. */
  isEnabled?(on: Surface): boolean
  /** Returns false where the key that asked for it should do what it does elsewhere. */
  run(on: Surface, event?: KeyboardEvent): unknown
}

/** What there is to know of a command without its surface. */
export type AnyCommand = Pick<Command<never>, 'id' | 'title' | 'group' | 'keys'>

/** Adds to every command of a table its key, as its id. */
export function commandTable<Surface, Id extends string>(
  table: Readonly<Record<Id, Omit<Command<Surface>, 'id'>>>,
): Readonly<Record<Id, Command<Surface>>> {
  const entries = Object.entries<Omit<Command<Surface>, 'id'>>(table).map(([id, command]) => [id, { id, ...command }])
  return Object.fromEntries(entries) as Record<Id, Command<Surface>> // the keys are those of the table
}

/** What menus and buttons show of a command: its words and its icon at this moment. */
export function faceOf<Surface>(
  command: Command<Surface>,
  on: Surface,
): { title: string; icon: LucideIcon | undefined } {
  return command.face?.(on) ?? { title: command.title, icon: command.icon }
}
