import { expect, type Page } from '@playwright/test'
import { Editor } from './editor.ts'
import type { Hands } from './hands.ts'
import { Runs } from './runs.ts'
import { Zaps } from './zaps.ts'

/** A person with a mouse, who types only into fields that were clicked. */
export function mouseHands(page: Page): Hands {
  const editor = new Editor(page)
  const runs = new Runs(page)
  const zaps = new Zaps(page)
  const field = (label: string) => editor.form.getByRole('textbox', { name: label, exact: true })

  /** The data of earlier steps lies over the canvas until the field is left. */
  const leaveField = () => editor.form.getByRole('tab', { name: 'Setup' }).click()
  const clickOut = async (name: 'Undo' | 'Redo'): Promise<void> => {
    const button = page.getByRole('toolbar', { name: 'Canvas' }).getByRole('button', { name, exact: true })
    await expect(button).toBeEnabled()
    while (await button.isEnabled()) await button.click()
  }
  return {
    async startZap(name) {
      await page.getByRole('button', { name: 'New zap' }).click()
      await page.getByRole('menuitem', { name: 'Blank zap' }).click()
      await page.getByRole('textbox', { name: 'Name of the zap' }).click({ clickCount: 3 })
      await page.keyboard.type(name)
    },
    async add(title, id, { after, port, at: [x, y] }) {
      await editor.drag(title, x, y)
      await expect(editor.step(id)).toBeVisible()
      if (after === undefined) return
      await editor.connect(after, id, port)
      await expect(editor.edge(after, id)).toBeAttached()
    },
    select: (stepId) => editor.step(stepId).click(),
    view: (name) => editor.form.getByRole('tab', { name }).click(),
    press: (button) => editor.form.getByRole('button', { name: button, exact: true }).click(),
    async write(label, text) {
      await field(label).click()
      await page.keyboard.type(text)
      await leaveField()
    },
    async map(label, path) {
      await field(label).click()
      await page.getByRole('option', { name: new RegExp(`^${path.split('.').at(-1)}\\b`) }).click()
      // As a pill, which calls the step by its name, or as a template.
      await expect(field(label)).toContainText(path.slice(path.indexOf('.') + 1))
      await leaveField()
    },
    choose: (label, option) => editor.choose(label, option),
    take: (choice, name) =>
      editor.form.getByRole('radiogroup', { name: choice }).getByRole('radio', { name, exact: true }).click(),
    publish: () => editor.publish(),
    openRun: (zap) => runs.openNewest(zap),
    selectInRun: (stepId) => editor.step(stepId).click(),
    viewInRun: (name) => runs.panel.getByRole('tab', { name }).click(),
    openZap: (name) => zaps.open(name),
    undoAll: () => clickOut('Undo'),
    redoAll: () => clickOut('Redo'),
  }
}
