import { expect, it } from 'vitest'
import { asList, canRehearse, doWords, newPart, noteOf, pathFrom, type RehearsedChange } from './rehearsal.ts'

const change: RehearsedChange = {
  step: 'move',
  kind: 'move',
  from: '/in/a.pdf',
  to: '/out/2026/a (2).pdf',
  numbered: true,
  replaces: false,
  makes: ['/out/2026'],
}

it('is offered for steps that change files, and for no others', () => {
  const steps = ['file.move', 'folder.create', 'file.append', 'file.watch', 'file.read', 'file.list', 'http.request']
  expect(steps.filter(canRehearse)).toEqual(['file.move', 'folder.create', 'file.append'])
})

it('says beside a file what is special about it', () => {
  expect(noteOf(change)).toBe('name is taken: numbered, makes the folder 2026')
  expect(noteOf({ ...change, kind: 'trash', numbered: false, makes: [] })).toBe('into the trash')
  expect(noteOf({ ...change, numbered: false, makes: [] })).toBe('')
})

it('marks what is new in a path, from a whole name on', () => {
  expect(newPart('/home/in/a.pdf', '/home/in/2026/a.pdf')).toEqual(['/home/in/', '2026/a.pdf'])
  expect(newPart('/home/inbox/a', '/home/in/a')).toEqual(['/home/', 'in/a'])
  expect(pathFrom('/in', '/in/a.pdf')).toBe('a.pdf')
  expect(pathFrom('/in', '/inner/a.pdf')).toBe('/inner/a.pdf')
})

it('can be copied as a list', () => {
  const lines = [
    { path: '/in/a.pdf', verdict: 'change' as const, step: null, why: '', changes: [change] },
    { path: '/in/b.jpg', verdict: 'stay' as const, step: 'only', why: 'lets nothing through', changes: [] },
  ]
  expect(asList({ folder: '/in', total: 2, lines })).toBe(
    '/in/a.pdf\tmoved\t/out/2026/a (2).pdf\tname is taken: numbered, makes the folder 2026\n/in/b.jpg\tstay\t\tlets nothing through',
  )
})

it('says on its button what it does, and for how many', () => {
  const line = { path: '/in/a.pdf', verdict: 'change' as const, step: null, why: '', changes: [change] }
  expect(doWords([line])).toBe('Move this file now')
  expect(doWords([line, { ...line, changes: [change, { ...change, kind: 'write' }] }])).toBe(
    'Do it for these 2 files now',
  )
})
