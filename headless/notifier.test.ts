import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../core/db/test-database.ts'
import { createNotifier, notifyCommand } from './notifier.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

test.each([
  ['<b>5 < 6</b> & more', '&lt;b&gt;5 &lt; 6&lt;/b&gt; &amp; more'],
  ['<img src="http://evil.example/x"/>', '&lt;img src="http://evil.example/x"/&gt;'],
  ['&lt;a href="x"&gt;', '&amp;lt;a href="x"&amp;gt;'],
  ['C:\\new\\table', 'C:\\\\new\\\\table'],
  ['two\nlines', 'two\nlines'],
  ['\u001b[31m\u202e\u0000', '\\\\x1b[31m\\\\u202e\\\\x00'],
])('the body %j is shown as it is, and not read as markup: %j', (body, argument) => {
  expect(notifyCommand('Title', body, 'linux')?.at(-1)).toBe(argument)
})

test('a title is no markup, but nothing is hidden in it either', () => {
  expect(notifyCommand('R&D <1>\u202e', 'x', 'linux')?.at(-2)).toBe('R&D <1>\\u202e')
})

test('nothing in a text is taken for an option or a script', () => {
  expect(notifyCommand('--hint=x', '-e', 'linux')?.slice(2)).toEqual(['--', '--hint=x', '-e'])
  expect(notifyCommand('" & (do shell script "x")', 'y\u0000', 'darwin')?.slice(3)).toEqual([
    '" & (do shell script "x")',
    'y\\x00',
  ])
  expect(notifyCommand('x', 'y', 'win32')).toBeUndefined()
})

test('a text of a megabyte is cut to what a notification can show', () => {
  expect(notifyCommand('x'.repeat(1_000_000), 'y'.repeat(1_000_000), 'linux')?.join('').length).toBeLessThan(3_000)
})

test.runIf(process.platform === 'linux')(
  'the desktop’s program is given the texts; where it fails, the log has them',
  async () => {
    const folder = temporaryFolder()
    const told = join(folder, 'told')
    const program = join(folder, 'notify-send')
    writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$@" > ${told}\n`)
    chmodSync(program, 0o700)
    vi.stubEnv('DISPLAY', ':99')
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    expect(await createNotifier(log).show({ title: 'Done', body: '<i>all</i>' })).toBe(true)
    expect(readFileSync(told, 'utf8')).toBe('--app-name=Hookline|--|Done|&lt;i&gt;all&lt;/i&gt;|')
    writeFileSync(program, '#!/bin/sh\nexit 1\n')
    expect(await createNotifier(log).show({ title: 'Done', body: '<i>all</i>' })).toBe(false)
    expect(log.info).toHaveBeenCalledWith('Notification: Done (<i>all</i>)')
  },
)
