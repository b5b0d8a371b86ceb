import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileWorld } from '../test-files.ts'

/** Written by LibreOffice 7.4; the second has the password "secret". */
const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name))

test('the text of each page is read, with what the document says of itself', async () => {
  const { run, put } = fileWorld()
  put('letter.pdf', fixture('letter.pdf'))
  const { text, pages, info } = await run('pdf.text', { from: 'letter.pdf' })
  expect(pages).toEqual([
    'Invoice 42\nFor Ada Lovelace, St James’s Square. Total: 75 € — paid.',
    'The second page says: Grüße!',
  ])
  expect(text).toBe(
    'Invoice 42\nFor Ada Lovelace, St James’s Square. Total: 75 € — paid.\n\nThe second page says: Grüße!',
  )
  expect(info).toMatchObject({ Title: 'Invoice 42' })
})

test('a password opens what has one, and every failure says why', async () => {
  const { run, failure, put } = fileWorld()
  put('locked.pdf', fixture('locked.pdf'))
  put('note.pdf', 'text')
  put('broken.pdf', fixture('letter.pdf').subarray(0, 2_000))
  expect(await run('pdf.text', { from: 'locked.pdf', password: 'secret' })).toMatchObject({
    info: { Title: 'Invoice 42' },
  })
  expect(await failure('pdf.text', { from: 'locked.pdf' })).toEqual({
    code: 'bad-input',
    message: 'The PDF cannot be read: it has a password: enter it.',
  })
  expect((await failure('pdf.text', { from: 'locked.pdf', password: 'no' })).message).toBe(
    'The PDF cannot be read: its password is another one.',
  )
  expect((await failure('pdf.text', { from: 'note.pdf' })).message).toBe('The PDF cannot be read: it is no PDF.')
  expect(await failure('pdf.text', { from: 'broken.pdf' })).toMatchObject({ code: 'bad-input' })
})
