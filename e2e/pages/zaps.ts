import { expect, type Page } from '@playwright/test'
import { controlOf } from '../fixtures/screens.ts'

/** A zap file as a test writes it. */
type Zap = {
  readonly name: string
  readonly steps: readonly unknown[]
  readonly edges: readonly unknown[]
  readonly notes?: readonly unknown[]
  readonly groups?: readonly unknown[]
}

/** The list of zaps. */
export class Zaps {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Brings a zap in and switches it on. */
  async add(zap: Zap): Promise<void> {
    if (await this.#bring(zap, true)) return
    const on = this.page.getByRole('switch', { name: `${zap.name}: on` })
    await on.click()
    await expect(on).toBeChecked()
    await expect(this.row(zap.name).getByText('Draft', { exact: true })).toHaveCount(0)
  }

  /** Brings a zap in, and leaves it a draft. */
  async addDraft(zap: Zap): Promise<void> {
    await this.#bring(zap, false)
  }

  /**
   * Leads to the list with a zap in it. Most tests are about something else, so it goes past the screens where it can: then it is switched
   * on as well, and the answer is true. On the desktop it is pasted.
   */
  async #bring(zap: Zap, enable: boolean): Promise<boolean> {
    const { page } = this
    const content = { format: 'hookline/zap@1', ...zap }
    const control = controlOf(page)
    await page.getByRole('link', { name: 'Zaps', exact: true }).click()
    if (control === undefined) {
      await page.getByRole('button', { name: 'New zap' }).click()
      await page.getByRole('menuitem', { name: 'Paste JSON…' }).click()
      await page.getByRole('textbox', { name: 'Zap file' }).fill(JSON.stringify(content))
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('button', { name: 'Approve and add' }).click()
    } else {
      const files = [{ file: 'zap.json', content, approval: { denied: [] } }]
      const { zaps } = await control.zaps.import({ files, enable })
      expect(zaps).toMatchObject([{ status: enable ? 'enabled' : 'draft' }])
    }
    await expect(this.row(zap.name)).toBeVisible()
    return control !== undefined
  }

  async open(name: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Zaps', exact: true }).click()
    await this.page.getByRole('link', { name, exact: true }).click()
  }

  row(name: string) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) })
  }
}

/** Sends an event to a webhook until it is taken: the switch of its zap turns before the host has done what it says. */
export async function send(hooks: string, path: string, body: unknown): Promise<void> {
  await expect(async () => {
    const response = await fetch(`${hooks}/hooks/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
  }).toPass()
}
