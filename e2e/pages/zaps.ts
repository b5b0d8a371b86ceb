import { expect, type Page } from '@playwright/test'

/** A zap file as a test writes it. */
type Zap = {
  readonly name: string
  readonly steps: readonly unknown[]
  readonly edges: readonly unknown[]
  readonly notes?: readonly unknown[]
  readonly groups?: readonly unknown[]
}

/** The list of zaps, used as a person does who has been given a zap as text. */
export class Zaps {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Pastes a zap and switches it on. */
  async add(zap: Zap): Promise<void> {
    await this.paste(zap)
    const on = this.page.getByRole('switch', { name: `${zap.name}: on` })
    await on.click()
    await expect(on).toBeChecked()
    await expect(this.row(zap.name).getByText('Draft', { exact: true })).toHaveCount(0)
  }

  /** Pastes a zap, and leaves it a draft. */
  async paste(zap: Zap): Promise<void> {
    await this.page.getByRole('link', { name: 'Zaps', exact: true }).click()
    await this.page.getByRole('button', { name: 'New zap' }).click()
    await this.page.getByRole('menuitem', { name: 'Paste JSON…' }).click()
    await this.page
      .getByRole('textbox', { name: 'Zap file' })
      .fill(JSON.stringify({ format: 'hookline/zap@1', ...zap }))
    await this.page.getByRole('button', { name: 'Import', exact: true }).click()
    await this.page.getByRole('button', { name: 'Approve and add' }).click()
    await expect(this.row(zap.name)).toBeVisible()
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
