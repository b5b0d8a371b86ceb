import type { Direction } from './walk-steps.ts'

/** What a key asks of the editor. */
export type Shortcut =
  | { readonly kind: 'walk'; readonly direction: Direction }
  | {
      readonly kind:
        | 'undo'
        | 'redo'
        | 'duplicate'
        | 'delete'
        | 'add'
        | 'rename'
        | 'open'
        | 'toggle-disabled'
        | 'select-all'
        | 'deselect'
        | 'fit'
        | 'zoom-in'
        | 'zoom-out'
        | 'zoom-reset'
        | 'save'
        | 'tidy'
    }

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>
type Plain = Exclude<Shortcut['kind'], 'walk'>

const WITH_COMMAND: Readonly<Record<string, Plain>> = {
  z: 'undo',
  y: 'redo',
  d: 'duplicate',
  a: 'select-all',
  s: 'save',
}
const ALONE: Readonly<Record<string, Plain>> = {
  Delete: 'delete',
  Backspace: 'delete',
  Tab: 'add',
  '/': 'add',
  F2: 'rename',
  Enter: 'open',
  Escape: 'deselect',
  d: 'toggle-disabled',
  '0': 'zoom-reset',
  '1': 'fit',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  t: 'tidy',
}
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** The shortcut of a key press; null where it has none. */
export function shortcutOf(key: Key): Shortcut | null {
  if (key.altKey) return null
  const command = key.ctrlKey || key.metaKey
  const letter = key.key.length === 1 ? key.key.toLowerCase() : key.key
  if (command) {
    const kind =
      letter === 'z' && key.shiftKey ? 'redo' : Object.hasOwn(WITH_COMMAND, letter) ? WITH_COMMAND[letter] : undefined
    return kind ? { kind } : null
  }
  const direction = Object.hasOwn(ARROWS, key.key) ? ARROWS[key.key] : undefined
  if (direction) return key.shiftKey ? null : { kind: 'walk', direction }
  if (key.shiftKey && key.key === 'Tab') return null
  const kind = Object.hasOwn(ALONE, letter) ? ALONE[letter] : undefined
  return kind ? { kind } : null
}

/** Whether an element is a text field, which keeps every key for itself, undo included. */
export function isTextField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false
  return element.isContentEditable || element.matches('input, textarea, select')
}

/** Whether plain keys mean something to an element: lists and menus walk and search with them. */
export function usesPlainKeys(element: Element | null): boolean {
  return element?.closest('[role="listbox"], [role="combobox"], [role="tablist"], [role="menu"]') != null
}
