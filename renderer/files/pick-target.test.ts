import { expect, test } from 'vitest'
import type { FolderEntry, FolderPage } from '../../core/contract/files.ts'
import { targetOf, whyNot } from './pick-target.ts'

const entry = (name: string, more: Partial<FolderEntry> = {}): FolderEntry => ({
  name,
  path: `/own/in/${name}`,
  written: `in/${name}`,
  kind: 'file',
  why: null,
  isLink: false,
  bytes: 1,
  changedAt: null,
  ...more,
})
const page = (more: Partial<FolderPage> = {}): FolderPage => ({
  path: '/own/in',
  written: 'in',
  separator: '/',
  trail: [],
  entries: [],
  total: 0,
  cutAt: null,
  ...more,
})

test('a folder is the active one, or else the open one; where relative paths begin has a name', () => {
  const inner = entry('a', { kind: 'folder' })
  expect(targetOf('folder', page(), inner, '')).toEqual({ written: 'in/a', path: '/own/in/a' })
  expect(targetOf('folder', page(), undefined, '')).toEqual({ written: 'in', path: '/own/in' })
  expect(targetOf('folder', page({ path: '/own', written: '' }), undefined, '')?.written).toBe('.')
  expect(targetOf('folder', page({ path: null }), undefined, '')).toBeNull()
  expect(targetOf('folder', page({ path: null }), inner, '')?.path).toBe('/own/in/a')
})

test('a file that must exist is one of the list; another is named, and may hold a template', () => {
  expect(targetOf('file', page(), entry('a.txt'), 'b.txt')?.written).toBe('in/a.txt')
  expect(targetOf('file', page(), undefined, 'b.txt')).toBeNull()
  expect(targetOf('file', page(), entry('a', { kind: 'folder' }), '')).toBeNull()
  expect(targetOf('new-file', page(), undefined, ' {{ hook.body.id }}.txt ')).toEqual({
    written: 'in/{{ hook.body.id }}.txt',
    path: '/own/in/{{ hook.body.id }}.txt',
  })
  expect(targetOf('new-file', page({ path: '/own', written: '' }), undefined, 'a.txt')?.written).toBe('a.txt')
  expect(targetOf('new-file', page(), undefined, ' ')).toBeNull()
})

test('what is out of reach, or would be read as a template, is not picked and says why', () => {
  expect(whyNot(entry('x', { kind: 'other', why: 'leads-out' }))).toContain('leads out')
  const odd = entry('{{ x }}.txt')
  expect(whyNot(odd)).toContain('template')
  expect(targetOf('file', page(), odd, '')).toBeNull()
  expect(targetOf('new-file', page({ written: 'in/{{x}}' }), undefined, 'a.txt')).toBeNull()
})
