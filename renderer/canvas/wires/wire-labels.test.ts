import { describe, expect, it } from 'vitest'
import { isBodyWire, wireLabel } from './wire-labels.ts'

const ports = [
  { id: 'path-1', label: 'Orders from outside of the European Union' },
  { id: 'else', label: 'else' },
]

describe('the label of a wire', () => {
  it('stands above the step that only this wire leads to', () => {
    expect(wireLabel({ from: 'a', to: 'b', port: 'else' }, ports, 1, 80)).toEqual({
      text: 'else',
      full: 'else',
      at: 'target',
    })
  })

  it('stands at its own port where several wires arrive, and is cut to the room there', () => {
    const label = wireLabel({ from: 'a', to: 'b', port: 'path-1' }, ports, 2, 80)
    expect(label?.at).toBe('source')
    expect(label?.text.length).toBeLessThanOrEqual(11)
    expect(label?.full).toBe(ports[0]?.label)
  })

  it('is left out where the port needs no word', () => {
    expect(wireLabel({ from: 'a', to: 'b' }, [{ id: 'main', label: null }], 1, 120)).toBeNull()
  })
})

it('only the port "each" of a loop leads into a body', () => {
  expect(isBodyWire({ from: 'a', to: 'b', port: 'each' }, true)).toBe(true)
  expect(isBodyWire({ from: 'a', to: 'b', port: 'each' }, false)).toBe(false)
  expect(isBodyWire({ from: 'a', to: 'b', port: 'done' }, true)).toBe(false)
})
