import type { Chord } from './chord.ts'

export const GROUPS = ['Everywhere', 'Add and change', 'Test', 'Look around', 'Select', 'Move and resize'] as const

type Action = {
  readonly title: string
  readonly group: (typeof GROUPS)[number]
  /** As they are until somebody binds others. */
  readonly keys: readonly Chord[]
}

/** All that has a shortcut, in the order in which it is listed. */
export const ACTIONS = {
  'open-palette': { title: 'Go to anything, do anything', group: 'Everywhere', keys: ['Mod+K'] },
  'show-shortcuts': { title: 'Show all shortcuts', group: 'Everywhere', keys: ['?'] },
  add: { title: 'Add a step at the pointer', group: 'Add and change', keys: ['Tab', '/'] },
  open: { title: 'Open the step’s form', group: 'Add and change', keys: ['Enter'] },
  rename: { title: 'Rename the step', group: 'Add and change', keys: ['F2'] },
  duplicate: { title: 'Duplicate', group: 'Add and change', keys: ['Mod+D'] },
  'toggle-disabled': { title: 'Disable or enable', group: 'Add and change', keys: ['D'] },
  delete: { title: 'Delete', group: 'Add and change', keys: ['Delete', 'Backspace'] },
  connect: { title: 'Connect the step', group: 'Add and change', keys: ['C'] },
  'add-note': { title: 'Add a note', group: 'Add and change', keys: ['N'] },
  frame: { title: 'Put a frame around the selected steps', group: 'Add and change', keys: ['G'] },
  menu: {
    title: 'Menu of what has the focus',
    group: 'Add and change',
    keys: ['ContextMenu', 'Shift+F10'],
  },
  tidy: { title: 'Tidy up', group: 'Add and change', keys: ['T'] },
  undo: { title: 'Undo', group: 'Add and change', keys: ['Mod+Z'] },
  redo: { title: 'Redo', group: 'Add and change', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  save: { title: 'Save now', group: 'Add and change', keys: ['Mod+S'] },
  'toggle-breakpoint': { title: 'Set or remove a breakpoint', group: 'Test', keys: ['B'] },
  'step-through': { title: 'Run step by step', group: 'Test', keys: ['F9'] },
  'next-step': { title: 'Paused test: do the next step', group: 'Test', keys: ['F10'] },
  'continue-test': { title: 'Paused test: go on to the next breakpoint', group: 'Test', keys: ['F8'] },
  find: { title: 'Find in this zap', group: 'Look around', keys: ['Mod+F'] },
  outline: { title: 'Show the zap as an outline', group: 'Look around', keys: ['O'] },
  'select-all': { title: 'Select all steps', group: 'Select', keys: ['Mod+A'] },
  deselect: { title: 'Select nothing', group: 'Select', keys: ['Escape'] },
  'walk-up': { title: 'To what is before or above', group: 'Look around', keys: ['ArrowUp'] },
  'walk-down': { title: 'To what is after or below', group: 'Look around', keys: ['ArrowDown'] },
  'walk-left': { title: 'To what is on the left', group: 'Look around', keys: ['ArrowLeft'] },
  'walk-right': { title: 'To what is on the right', group: 'Look around', keys: ['ArrowRight'] },
  'extend-up': { title: 'Select what is before or above, too', group: 'Select', keys: ['Shift+ArrowUp'] },
  'extend-down': { title: 'Select what is after or below, too', group: 'Select', keys: ['Shift+ArrowDown'] },
  'extend-left': { title: 'Select what is on the left, too', group: 'Select', keys: ['Shift+ArrowLeft'] },
  'extend-right': { title: 'Select what is on the right, too', group: 'Select', keys: ['Shift+ArrowRight'] },
  fit: { title: 'Fit everything', group: 'Look around', keys: ['1'] },
  'zoom-in': { title: 'Zoom in', group: 'Look around', keys: ['+', '='] },
  'zoom-out': { title: 'Zoom out', group: 'Look around', keys: ['-'] },
  'zoom-reset': { title: 'Zoom to 100 %', group: 'Look around', keys: ['0'] },
  'move-up': { title: 'Move up', group: 'Move and resize', keys: ['Mod+ArrowUp'] },
  'move-down': { title: 'Move down', group: 'Move and resize', keys: ['Mod+ArrowDown'] },
  'move-left': { title: 'Move to the left', group: 'Move and resize', keys: ['Mod+ArrowLeft'] },
  'move-right': { title: 'Move to the right', group: 'Move and resize', keys: ['Mod+ArrowRight'] },
  'resize-up': { title: 'Make a note or frame lower', group: 'Move and resize', keys: ['Mod+Shift+ArrowUp'] },
  'resize-down': { title: 'Make a note or frame taller', group: 'Move and resize', keys: ['Mod+Shift+ArrowDown'] },
  'resize-left': { title: 'Make a note or frame narrower', group: 'Move and resize', keys: ['Mod+Shift+ArrowLeft'] },
  'resize-right': { title: 'Make a note or frame wider', group: 'Move and resize', keys: ['Mod+Shift+ArrowRight'] },
} as const satisfies Record<string, Action>

export type ActionId = keyof typeof ACTIONS

/** All actions, in the order in which they are listed. */
export const ACTION_IDS = Object.keys(ACTIONS).filter(isActionId)

export function isActionId(id: string): id is ActionId {
  return Object.hasOwn(ACTIONS, id)
}

/** What Hookline does with keys that cannot be bound to anything else, as the browser or the system hands them out. */
export const FIXED_SHORTCUTS: readonly Action[] = [
  { title: 'Copy, cut, paste', group: 'Add and change', keys: ['Mod+C', 'Mod+X', 'Mod+V'] },
  { title: 'Select several', group: 'Select', keys: ['Shift+Click', 'Shift+Drag'] },
  { title: 'Move about', group: 'Look around', keys: ['Scroll', 'Space+Drag'] },
]
