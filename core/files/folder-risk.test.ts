import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { folderRisk } from './folder-risk.ts'

test('a home folder, what is around it, and delicate places in it are named before they are allowed', async () => {
  const root = temporaryFolder()
  const home = join(root, 'ada')
  for (const folder of ['Documents', 'Hookline', '.config/autostart', '.ssh/keys'])
    mkdirSync(join(home, folder), { recursive: true })
  symlinkSync(home, join(root, 'link'))
  for (const folder of [home, root, `${home}/`, join(home, 'Documents', '..'), join(root, 'link')]) {
    const risk = await folderRisk(folder, home)
    expect(risk, folder).toContain('.bashrc')
    expect(risk, folder).toContain('autostart')
    expect(risk, folder).toContain('.ssh')
    expect(risk, folder).toContain('browsers')
  }
  expect(await folderRisk(join(home, '.config'), home)).toContain('autostart')
  expect(await folderRisk(join(home, '.ssh', 'keys'), home)).toContain('your keys')
  expect(await folderRisk(join(root, 'link', '.ssh'), home)).toContain('your keys')
  expect(await folderRisk('/etc', home)).toContain('autostart')
  for (const folder of ['Documents', 'Hookline', 'Stock/2026']) {
    expect(await folderRisk(join(home, folder), home), folder).toBeNull()
  }
})
