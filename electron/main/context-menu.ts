import { type BrowserWindow, type ContextMenuParams, Menu, type MenuItemConstructorOptions } from 'electron'

/** Spelling suggestions at most; more make the menu hard to read. */
const MOST_SUGGESTIONS = 5

/** The usual menu of fields and of selected text, where the page has none of its own. */
export function addContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, params) => {
    const template = menuTemplate(params, (word) => window.webContents.replaceMisspelling(word))
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window })
  })
}

function menuTemplate(
  params: ContextMenuParams,
  replaceMisspelling: (word: string) => void,
): MenuItemConstructorOptions[] {
  const { isEditable, selectionText, editFlags, dictionarySuggestions } = params
  if (!isEditable) return selectionText.trim() === '' ? [] : [{ role: 'copy' }]
  const suggestions = dictionarySuggestions.slice(0, MOST_SUGGESTIONS).map((word) => ({
    label: word,
    click: () => replaceMisspelling(word),
  }))
  return [
    ...suggestions,
    ...(suggestions.length > 0 ? [{ type: 'separator' } as const] : []),
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
}
