import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createOpenedQueue, openedWords, openLink, openZapFile } from './opened.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hookline-opened-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

describe('links', () => {
  test.each([
    ['hookline://zap/zap_01HZ', '/zaps/zap_01HZ'],
    ['HOOKLINE://Run/run_01HZ/', '/runs/run_01HZ'],
    ['hookline://settings', '/settings'],
  ])('%s leads to %s', (link, path) => expect(openLink(link)).toEqual({ kind: 'screen', path }))

  test.each([
    'hookline://../../etc/passwd',
    'hookline://zap/../../settings',
    'hookline://zap/%2e%2e%2fsettings',
    'hookline://zap/a?x=javascript:alert(1)',
    'hookline://zap/a#/settings',
    'hookline://javascript:alert(1)',
    'hookline://zap',
    'hookline://settings/x',
    'hookline://',
    'hookline:',
    'hookline:zap/a',
    'hookline:/../../x',
    `hookline://zap/${'a'.repeat(100_000)}`,
    'hookline://zap/a\u202Eb\r\n',
  ])('%j leads nowhere, which is one line', (link) => {
    const opened = openLink(link)
    expect(opened.kind).toBe('refused')
    expect(JSON.stringify(opened).length).toBeLessThan(400)
    expect(opened.kind === 'refused' && /[\r\n\u202E]/.test(opened.message)).toBe(false)
  })

  test('whatever a link says, it leads to a plain screen or nowhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const opened = openLink(`hookline://${text}`)
        return opened.kind === 'refused' || (opened.kind === 'screen' && /^\/[a-z]+(?:\/\w+)?$/.test(opened.path))
      }),
    )
  })
})

test('of the words of a start only links and zap files count', () => {
  const words = [
    '/usr/bin/hookline',
    '--data=a.zap.json',
    'hookline://zap/x',
    'a.ZAP.json',
    'b.json',
    'javascript:x',
    '',
  ]
  expect(openedWords(words)).toEqual(['hookline://zap/x', 'a.ZAP.json'])
})

describe('zap files', () => {
  test('the text is handed on to be reviewed, by a relative path too', async () => {
    const home = folder()
    writeFileSync(join(home, 'a.zap.json'), '{"name":"Köln"}')
    expect(await openZapFile('a.zap.json', home)).toEqual({
      kind: 'zap-file',
      file: 'a.zap.json',
      text: '{"name":"Köln"}',
    })
  })

  test('by an address too, as the desktops of Linux hand a file over', async () => {
    const home = folder()
    writeFileSync(join(home, 'mein Zäp 100%.zap.json'), '{}')
    const { href } = pathToFileURL(join(home, 'mein Zäp 100%.zap.json'))
    expect(openedWords([href])).toEqual([href])
    for (const address of [href, href.replace('file:///', 'file://localhost/'), href.replace('file:', 'FILE:')])
      expect(await openZapFile(address, '/')).toEqual({ kind: 'zap-file', file: 'mein Zäp 100%.zap.json', text: '{}' })
  })

  test('what is no plain file of a fit size is refused in a sentence', async () => {
    const home = folder()
    writeFileSync(join(home, 'real.json'), '{}')
    symlinkSync(join(home, 'real.json'), join(home, 'link.zap.json'))
    writeFileSync(join(home, 'huge.zap.json'), '')
    truncateSync(join(home, 'huge.zap.json'), 1_073_741_824)
    mkdirSync(join(home, 'folder.zap.json'))
    writeFileSync(join(home, 'binary.zap.json'), Buffer.from([0xff, 0xfe, 0x00, 0xd8]))
    const cases: [string, RegExp][] = [
      ['link.zap.json', /only a link to another file/],
      ['huge.zap.json', /huge\.zap\.json/],
      ['folder.zap.json', /is no file/],
      ['binary.zap.json', /binary\.zap\.json/],
      ['none.zap.json', /There is no file none\.zap\.json any more/],
      ['\\\\evil.example\\share\\x.zap.json', /lies on another computer/],
      ['//evil.example/share/x.zap.json', /lies on another computer/],
      ['a\0.zap.json', /no path of a file/],
      ['file://evil.example/share/x.zap.json', /lies on another computer/],
      ['file:////evil.example/share/x.zap.json', /lies on another computer/],
      ['file:///a%00.zap.json', /no path of a file/],
      ['file:///a%2Fb.zap.json', /no path of a file/],
      ['file://[.zap.json', /no path of a file/],
    ]
    for (const [word, why] of cases) {
      const opened = await openZapFile(word, home)
      expect(opened).toMatchObject({ kind: 'refused', message: expect.stringMatching(why) })
      expect(opened.kind === 'refused' && opened.message).not.toContain('\n')
    }
  })

  test.skipIf(process.platform === 'win32')('a pipe is not waited for', async () => {
    const home = folder()
    execFileSync('mkfifo', [join(home, 'pipe.zap.json')])
    expect(await openZapFile('pipe.zap.json', home)).toMatchObject({ kind: 'refused' })
  })
})

test('what is opened waits until it is taken, a score of it at most, and links that start zaps open nothing', async () => {
  const changed = vi.fn()
  const queue = createOpenedQueue(changed)
  await queue.openWords(['app', 'hookline://link/log-work', 'hookline://runs', '--x'], '/')
  expect(changed).toHaveBeenCalledOnce()
  expect(queue.take()).toEqual([{ kind: 'screen', path: '/runs' }])
  expect(queue.take()).toEqual([])
  for (let n = 0; n < 100; n++) queue.add({ kind: 'screen', path: `/${n}` })
  expect(queue.take()).toHaveLength(20)
  expect(queue.count()).toBe(101)
})
