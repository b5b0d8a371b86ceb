import { expect, type Locator, type Page } from '@playwright/test'
import { Editor } from './editor.ts'
import type { Hands } from './hands.ts'
import { Runs } from './runs.ts'

/** More presses of a key than this, and nobody would find what they look for. */
const PATIENCE = 60

/** A person who has a keyboard and nothing else: the focus goes where keys take it, and what has it is typed into. */
export function keyboardHands(page: Page): Hands {
  const editor = new Editor(page)
  const runs = new Runs(page)
  const focused = page.locator(':focus')
  const keys = page.keyboard
  const field = (label: string) => editor.form.getByRole('textbox', { name: label, exact: true })

  /** Presses Tab until something has the focus, or Shift+Tab where it stands before what has it now. */
  const reach = async (target: Locator): Promise<void> => {
    const key = (await target.evaluate(isBeforeFocus)) ? 'Shift+Tab' : 'Tab'
    for (let presses = 0; presses < PATIENCE; presses++) {
      if ((await target.and(focused).count()) > 0) return
      await keys.press(key)
    }
    throw new Error(`${PATIENCE} times ${key} do not lead to ${target}`)
  }
  /** Shows one of several views, of which Tab reaches the one that is shown and the arrow keys the others. */
  const showTab = async (tabs: Locator, name: string): Promise<void> => {
    const wanted = tabs.and(page.getByRole('tab', { name }))
    await reach(tabs.and(page.getByRole('tab', { selected: true })))
    for (const seen = new Set<string | null>(); (await wanted.and(focused).count()) === 0; ) {
      const here = await focused.textContent()
      if (seen.has(here)) throw new Error(`no view is called ${name}`)
      seen.add(here)
      await keys.press('ArrowRight')
      // The focus follows a little after the key.
      await expect.poll(() => focused.textContent()).not.toBe(here)
    }
  }
  /** Types what is looked for into a list that is open, and takes what it then offers first. */
  const pick = async (search: string, found: string | RegExp = search): Promise<void> => {
    await keys.type(search)
    await expect(page.getByRole('option', { selected: true })).toContainText(found)
    await keys.press('Enter')
  }
  const command = async (search: string): Promise<void> => {
    await keys.press('ControlOrMeta+k')
    await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused()
    await pick(search)
    await expect(page.getByRole('combobox', { name: 'Commands' })).toHaveCount(0)
  }
  /** From a step's card into its form; with the focus in the form already, from where it is. */
  const intoForm = async (): Promise<void> => {
    const inForm = editor.form.locator(':focus')
    if ((await inForm.count()) > 0) return
    await keys.press('Enter')
    await expect(inForm).toHaveCount(1)
  }
  const backToCard = async (): Promise<void> => {
    const card = page.locator('.react-flow__node:focus')
    if ((await card.count()) > 0) return
    const overForm = page.getByRole('region', { name: 'Data of earlier steps' }).or(page.getByRole('listbox'))
    while ((await overForm.count()) > 0) await keys.press('Escape')
    // What a field has open beside itself takes the first one.
    await expect(async () => {
      if ((await card.count()) === 0) await keys.press('Escape')
      await expect(card).toHaveCount(1, { timeout: 500 })
    }).toPass()
  }
  const pressOut = async (key: string, name: 'Undo' | 'Redo'): Promise<void> => {
    const button = page.getByRole('toolbar', { name: 'Canvas' }).getByRole('button', { name, exact: true })
    await expect(button).toBeEnabled()
    while (await button.isEnabled()) await keys.press(key)
  }
  return {
    async startZap(name) {
      await command('New zap')
      await reach(page.getByRole('textbox', { name: 'Name of the zap' }))
      await keys.type(name)
      await keys.press('Enter')
    },
    async add(title, id, { after }) {
      // On a card, Tab adds a step behind it, at its first free output.
      if (after !== undefined) await backToCard()
      await keys.press(after === undefined ? '/' : 'Tab')
      await expect(page.getByRole('combobox', { name: 'Add a step' })).toBeFocused()
      await pick(title)
      await expect(editor.step(id)).toBeFocused()
      if (after !== undefined) await expect(editor.edge(after, id)).toBeAttached()
    },
    async select(stepId) {
      await backToCard()
      await keys.press('ControlOrMeta+f')
      await pick(stepId, /./)
      await expect(editor.step(stepId)).toBeFocused()
    },
    async view(name) {
      await intoForm()
      await showTab(editor.form.getByRole('tablist', { name: 'Views of the step' }).getByRole('tab'), name)
    },
    async press(button) {
      await intoForm()
      await reach(editor.form.getByRole('button', { name: button, exact: true }))
      await keys.press('Enter')
    },
    async write(label, text) {
      await intoForm()
      await reach(field(label))
      await keys.type(text)
    },
    async map(label, path) {
      await intoForm()
      await reach(field(label))
      await keys.type(`{{ ${path.slice(0, -3)}`)
      await expect(
        page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { selected: true }),
      ).toContainText(path)
      await keys.press('Enter')
      // As a pill, which calls the step by its name, or as a template.
      await expect(field(label)).toContainText(path.slice(path.indexOf('.') + 1))
    },
    async choose(label, option) {
      await intoForm()
      await reach(editor.form.getByRole('combobox', { name: label }))
      await keys.press('Enter')
      await expect(page.getByRole('option').and(focused)).toHaveCount(1)
      await keys.type(option)
      await expect(page.getByRole('option', { name: option, exact: true })).toBeFocused()
      await keys.press('Enter')
      // The list closes a little after the key; another key would open it again.
      await expect(editor.form.getByRole('combobox', { name: label })).toBeFocused()
    },
    async take(choice, name) {
      await intoForm()
      const radios = editor.form.getByRole('radiogroup', { name: choice }).getByRole('radio')
      const wanted = radios.and(page.getByRole('radio', { name, exact: true }))
      await reach(radios.and(page.getByRole('radio', { checked: true })))
      await keys.press('ArrowRight')
      await expect(wanted).toBeFocused()
      // The arrow takes it, too, unless the key was up again before the focus came.
      await keys.press('Space')
      await expect(wanted).toBeChecked()
    },
    async publish() {
      await backToCard()
      await command('Publish')
    },
    async openRun(zap) {
      await command('Runs')
      await reach(page.getByRole('link', { name: `Open run of ${zap}` }).first())
      await keys.press('Enter')
    },
    async selectInRun(stepId) {
      await reach(editor.step(stepId))
      await keys.press('Enter')
    },
    viewInRun: (name) => showTab(runs.panel.getByRole('tablist').first().getByRole('tab'), name),
    openZap: (name) => command(name),
    undoAll: () => pressOut('ControlOrMeta+z', 'Undo'),
    redoAll: () => pressOut('ControlOrMeta+Shift+z', 'Redo'),
  }
}

/** What is asked of an element; these files are checked without a browser's types. */
type Placed = {
  readonly ownerDocument: { readonly activeElement: Placed | null }
  compareDocumentPosition(other: Placed): number
}

function isBeforeFocus(element: Placed): boolean {
  const PRECEDING = 2
  return ((element.ownerDocument.activeElement?.compareDocumentPosition(element) ?? 0) & PRECEDING) !== 0
}
