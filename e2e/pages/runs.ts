import { expect, type Locator, type Page } from '@playwright/test'

/** The list of runs, and one run. */
export class Runs {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async show(): Promise<void> {
    await this.page.getByRole('link', { name: 'Runs', exact: true }).first().click()
    await expect(this.page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  }

  /** The rows of a zap's runs, newest first. */
  rows(zap: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name: `Open run of ${zap}` }) })
  }

  /** Opens the newest run of a zap. */
  async openNewest(zap: string): Promise<void> {
    await this.show()
    await this.rows(zap).first().getByRole('link').click()
    await expect(this.step.first()).toBeVisible()
  }

  /** The run's status, in the head of its page. */
  get status(): Locator {
    return this.page.locator('main > header [data-status]')
  }

  get step(): Locator {
    return this.page.locator('[data-step-id]')
  }

  /** What the selected step got and gave. */
  get panel(): Locator {
    return this.page.getByRole('complementary', { name: 'Selected step' })
  }

  get timeline(): Locator {
    return this.page.getByRole('region', { name: 'Timeline' })
  }
}
