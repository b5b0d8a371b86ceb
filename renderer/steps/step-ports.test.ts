import { describe, expect, it } from 'vitest'
import { outputPorts, throughPort } from './step-ports.ts'

const paths = { ports: [{ id: 'else' }], portsFrom: 'paths', isLoop: false }
const loop = { ports: [{ id: 'each', label: 'For each item' }, { id: 'done' }], portsFrom: null, isLoop: true }
const plain = { ports: [{ id: 'main' }], portsFrom: null, isLoop: false }
const step = { id: 'a', uses: 'x.y', input: {} }

describe('the ports of a step', () => {
  it('are one for each path, by name or else by id, before those of the connector', () => {
    const input = { paths: [{ id: 'path-1', name: 'Large' }, { id: 'path-2', name: ' ' }, 'broken', { name: 'no id' }] }
    expect(outputPorts({ ...step, input }, paths, [])).toEqual([
      { id: 'path-1', label: 'Large' },
      { id: 'path-2', label: 'path-2' },
      { id: 'else', label: 'else' },
    ])
  })

  it('keep a port that only an edge names, so that the edge can be seen and deleted', () => {
    const ports = outputPorts(step, paths, [{ from: 'a', to: 'b', port: 'path-9' }])
    expect(ports.map((port) => port.label)).toEqual(['else', 'path-9?'])
  })

  it('are called "each" and "done" on every loop', () => {
    expect(outputPorts(step, loop, []).map((port) => port.label)).toEqual(['each', 'done'])
  })

  it('need no word where there is only one', () => {
    expect(outputPorts(step, plain, [])).toEqual([{ id: 'main', label: null }])
    expect(outputPorts({ ...step, settings: { onError: 'route' } }, plain, []).map((port) => port.label)).toEqual([
      'then',
      'on error',
    ])
  })
})

describe('the port by which a flow goes on', () => {
  it('is the main one, the end of a loop, or what catches everything else', () => {
    expect([plain, loop, paths, undefined].map(throughPort)).toEqual(['main', 'done', 'else', 'main'])
  })
})
