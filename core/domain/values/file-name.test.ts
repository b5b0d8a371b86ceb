import fc from 'fast-check'
import { expect, it } from 'vitest'
import { numberedName, plainFilename, plainRelativeName, splitEnding } from './file-name.ts'

it.each([
  ['../../etc/passwd', 'passwd', 'etc/passwd'],
  ['..\\..\\boot.ini', 'boot.ini', 'boot.ini'],
  ['/root/.ssh/authorized_keys', 'authorized_keys', 'root/.ssh/authorized_keys'],
  ['C:\\windows\\win.ini', 'win.ini', 'windows/win.ini'],
  ['a\u0000b\r\n\u001b[31m.txt', 'ab[31m.txt', 'ab[31m.txt'],
  ['invoice\u202egpj.exe', 'invoicegpj.exe', 'invoicegpj.exe'],
  ['photos/./ada.jpg', 'ada.jpg', 'photos/ada.jpg'],
  ['..', 'file', 'file'],
  ['', 'file', 'file'],
  ['\u0007/', 'file', 'file'],
  ['  spaced name.txt ', 'spaced name.txt', 'spaced name.txt'],
  ['.env', '.env', '.env'],
])('%j is called %j, and in an archive %j', (name, plain, relative) => {
  expect([plainFilename(name), plainRelativeName(name)]).toEqual([plain, relative])
})

it('leads out of no folder, and shows all of itself, whatever it was', () => {
  const parts = fc.array(fc.constantFrom('..', '.', '/', '\\', 'a', '\u0000', '\u202e', 'c:', ' ', '\ud83d', 'é'), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(
      parts.map((all) => all.join('')),
      (name) => {
        for (const plain of [plainFilename(name), plainRelativeName(name)]) {
          expect(plain).not.toBe('')
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
          expect(plain).not.toMatch(/[\u0000-\u001f\u202e\\]/)
          expect(plain.split('/')).not.toContain('..')
          expect(plain.startsWith('/')).toBe(false)
        }
        expect(plainFilename(name)).not.toContain('/')
      },
    ),
  )
})

it.each([
  ['photo.jpg', 'photo (2).jpg'],
  ['arch.tar.gz', 'arch (2).tar.gz'],
  ['my.data.TAR.zst', 'my.data (2).TAR.zst'],
  ['v1.2.txt', 'v1.2 (2).txt'],
  ['.tar.gz', '.tar.gz (2)'],
  ['.bashrc', '.bashrc (2)'],
  ['README', 'README (2)'],
])('the second %s is %s', (name, second) => {
  expect(numberedName(name, 2)).toBe(second)
  expect(splitEnding(name).join('')).toBe(name)
})
