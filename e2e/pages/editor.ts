import { expect, type Locator, type Page } from '@playwright/test'

/** The editor, driven as a person does: with a mouse on the canvas and a keyboard in the form. */
export class Editor {
  readonly page: Page
  readonly canvas: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = page.locator('.react-flow')
  }

  step(id: string): Locator {
    return this.page.locator(`[data-step-id="${id}"]`)
  }

  /** Drags a step from the palette to a place on the canvas, given in pixels from the canvas's middle. */
  async drag(title: string, x: number, y: number): Promise<void> {
    const item = await this.find(title)
    const from = await boxOf(item)
    const canvas = await boxOf(this.canvas)
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move(canvas.x + canvas.width / 2 + x, canvas.y + canvas.height / 2 + y, { steps: 8 })
    await this.page.mouse.up()
    await this.palette.getByRole('searchbox').fill('')
  }

  /** The steps that can be added, beside the canvas. */
  get palette(): Locator {
    return this.page.getByRole('complementary', { name: 'Steps to add' })
  }

  /** Searches the palette for a step by its title, and returns its line. */
  async find(title: string): Promise<Locator> {
    await this.palette.getByRole('searchbox').fill(title)
    return this.palette.getByRole('button', { name: title, exact: true }).first()
  }

  /** Draws a connection from one step's output (its first, or the one named) to another's input. */
  async connect(from: string, to: string, port?: string): Promise<void> {
    const outputs = this.step(from).locator('.react-flow__handle.source')
    const output = port === undefined ? outputs.first() : this.step(from).locator(`[data-port="${port}"]`)
    const source = await boxOf(output)
    const target = await boxOf(this.step(to).locator('.react-flow__handle.target').first())
    await this.page.mouse.move(source.x + source.width / 2, source.y + source.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 10 })
    await this.page.mouse.up()
  }

  edge(from: string, to: string): Locator {
    return this.page.locator(`.react-flow__edge[data-id*="${from}"][data-id*="${to}"]`)
  }

  /** The form of the selected step. */
  get form(): Locator {
    return this.page.getByRole('region', { name: 'Selected step' })
  }

  /** A text field of that form. */
  field(label: string): Locator {
    return this.form.getByRole('textbox', { name: label, exact: true })
  }

  /** One of the paths of a step that has several ways out. */
  path(number: number): Locator {
    return this.form.getByRole('listitem').filter({ has: this.page.getByLabel(`Name of path ${number}`) })
  }

  async choose(label: string, option: string): Promise<void> {
    await this.form.getByRole('combobox', { name: label }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  async saved(): Promise<void> {
    await expect(this.page.locator('[data-save-state]')).toHaveAttribute('data-save-state', 'saved')
  }

  async publish(): Promise<void> {
    await this.saved()
    await this.page.getByRole('button', { name: 'Publish' }).click()
  }
}

/** Where something is, once it stands still: a zap that opens is brought into view, during which its cards move for a few frames. */
export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let before = await locator.boundingBox()
  await expect(async () => {
    const last = before
    before = await locator.boundingBox()
    expect(before).not.toBeNull()
    expect(before).toEqual(last)
  }).toPass({ intervals: [50] })
  if (before === null) throw new Error(`${locator} is not to be seen`)
  return before
}
