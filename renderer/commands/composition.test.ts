import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { guardComposition, isOfInputMethod } from './composition.ts'

const renderer = join(import.meta.dirname, '..')
const sources = globSync('**/*.{ts,tsx}', { cwd: renderer }).filter((file) => !file.includes('.test.'))
const read = (file: string): string => readFileSync(join(renderer, file), 'utf8')

it('knows the keys of an input method, also where only their number tells', () => {
  expect(isOfInputMethod({ isComposing: true, keyCode: 13 })).toBe(true)
  expect(isOfInputMethod({ isComposing: false, keyCode: 229 })).toBe(true)
  expect(isOfInputMethod({ isComposing: false, keyCode: 13 })).toBe(false)
})

/** A key press at a target that has the guard, and a field below it. */
function pressed(init: { key: string; isComposing: boolean }) {
  const heard: string[] = []
  const target = new EventTarget()
  // What an EventTarget takes is what a window takes.
  guardComposition(target as unknown as Window)
  target.addEventListener('keydown', () => heard.push('field'))
  target.addEventListener('keydown', () => heard.push('window'), { capture: true })
  const event = Object.assign(new Event('keydown', { cancelable: true }), { code: '', keyCode: 0, ...init })
  target.dispatchEvent(event)
  return { heard, isPrevented: event.defaultPrevented }
}

it('lets nothing here hear a key of a composition, and its Enter submit nothing', () => {
  expect(pressed({ key: 'Enter', isComposing: true })).toEqual({ heard: [], isPrevented: true })
  expect(pressed({ key: 'ArrowDown', isComposing: true })).toEqual({ heard: [], isPrevented: false })
  const { heard, isPrevented } = pressed({ key: 'Enter', isComposing: false })
  expect(heard.toSorted()).toEqual(['field', 'window'])
  expect(isPrevented).toBe(false)
})

it('is there before everything else that could hear a key', () => {
  const [first] = read('main.tsx')
    .split('\n')
    .filter((line) => line.startsWith('import'))
  expect(first).toBe("import './commands/composition.ts'")
  expect(read('commands/composition.ts')).not.toMatch(/^import/m)
})

it('is the only one that looks at compositions, so that no field has a rule of its own', () => {
  const others = sources.filter((file) => file !== join('commands', 'composition.ts'))
  expect(others.filter((file) => /isComposing|keyCode|onCompositionEnd|\.which\b/.test(read(file)))).toEqual([])
})

it('shortcuts go by chords, which know every layout, and never by a letter of their own', () => {
  const letter = /\bkey(?:\.toLowerCase\(\))? ?===? ?'[a-zA-Z]'/
  expect(sources.filter((file) => letter.test(read(file)))).toEqual([])
})
