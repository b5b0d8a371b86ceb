import { describe, expect, it } from 'vitest'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { addPath, movePath, newPath, removePath, renamePath } from './path-operations.ts'

const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'split', uses: 'logic.paths', input: { paths: [newPath([]), newPath(['path-1'])] } },
    { id: 'a', uses: 'data.set', input: {} },
    { id: 'b', uses: 'data.set', input: {} },
  ],
  edges: [
    { from: 'split', port: 'path-1', to: 'a' },
    { from: 'split', port: 'path-2', to: 'b' },
    { from: 'a', port: 'path-1', to: 'b' },
  ],
}
const idsOf = (file: ZapFile): unknown[] => {
  const paths = file.steps[0]?.input.paths
  return Array.isArray(paths) ? paths.map((path) => path.id) : []
}

describe('the paths of a step', () => {
  it('go together with their own wires, and with no others', () => {
    const without = removePath(zap, 'split', ['paths'], 0)
    expect(idsOf(without)).toEqual(['path-2'])
    expect(without.edges).toEqual([zap.edges[1], zap.edges[2]])
  })

  it('get an id that no path and no wire of the step has', () => {
    expect(idsOf(addPath(zap, 'split', ['paths']))).toEqual(['path-1', 'path-2', 'path-3'])
    const dangling = { ...zap, edges: [...zap.edges, { from: 'split', port: 'path-3', to: 'a' }] }
    expect(idsOf(addPath(dangling, 'split', ['paths']))).toEqual(['path-1', 'path-2', 'path-4'])
  })

  it('keep id and wires when they are renamed or change places', () => {
    const renamed = renamePath(zap, 'split', ['paths'], 0, ' Large ')
    expect(renamed.steps[0]?.input.paths).toMatchObject([{ id: 'path-1', name: 'Large' }, { id: 'path-2' }])
    const moved = movePath(renamed, 'split', ['paths'], 0, 1)
    expect(idsOf(moved)).toEqual(['path-2', 'path-1'])
    expect(moved.edges).toBe(zap.edges)
    expect(renamePath(renamed, 'split', ['paths'], 0, '').steps[0]?.input.paths).toEqual(zap.steps[0]?.input.paths)
  })

  it('stay as they are at the ends of the list', () => {
    expect(movePath(zap, 'split', ['paths'], 0, -1)).toBe(zap)
    expect(movePath(zap, 'split', ['paths'], 1, 1)).toBe(zap)
  })
})
