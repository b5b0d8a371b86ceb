import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemTrash } from './trash.ts'

test.skipIf(process.platform !== 'linux')(
  'a name with half a character in it is written down in the trash too',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'hookline-trash-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    mkdirSync(join(home, 'data'))
    const path = join(home, 'cut off\ud83d.txt')
    writeFileSync(path, 'text')
    await systemTrash({ HOME: home, XDG_DATA_HOME: join(home, 'data') }, 'linux')(path)
    const info = join(home, 'data', 'Trash', 'info')
    expect(readdirSync(home)).toEqual(['data'])
    expect(readFileSync(join(info, readdirSync(info)[0] ?? ''), 'utf8')).toContain('cut%20off%EF%BF%BD.txt')
  },
)
