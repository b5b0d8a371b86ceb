import { describe, expect, it } from 'vitest'
import { withInitialMemory } from './initial-memory.ts'
import { readInterpreterFile } from './interpreter-files.ts'

const given = readInterpreterFile('quickjs.wasm')

describe('the memory that a module begins with', () => {
  it('changes the number of pages and nothing else', () => {
    const made = withInitialMemory(given, 128)
    const changed = [...made.keys()].filter((at) => made[at] !== given[at])
    expect(made).toHaveLength(given.length)
    // 256 and 128 as LEB128, which both take two bytes.
    expect(changed.map((at) => [given[at - 1], given[at], made[at - 1], made[at]])).toEqual([[0x80, 0x02, 0x80, 0x01]])
  })

  it('may be any smaller one, and the module is still one', () => {
    expect(new WebAssembly.Module(withInitialMemory(given, 5))).toBeInstanceOf(WebAssembly.Module)
  })

  it.each([
    ['no module', Buffer.from('no module at all'), 'this is no WebAssembly module'],
    ['a module that is cut off', given.subarray(0, 40), 'ends too early'],
    ['a module that asks for less', withInitialMemory(given, 4), 'asks for 4 pages only'],
  ])('refuses %s', (_what, module, why) => {
    expect(() => withInitialMemory(module, 128)).toThrow(why)
  })
})
