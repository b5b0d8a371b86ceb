import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Megabytes that V8 holds for new objects, at most, while a program makes many that live for a while. */
function youngMegabytes(setUp: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { holdHeap, letHeapGrow } from ${JSON.stringify(join(import.meta.dirname, 'small-heap.ts'))}
    ${setUp}
    let most = 0
    const kept = new Array(100_000)
    for (let turn = 0; turn < 20; turn++) {
      for (let n = 0; n < kept.length; n++) kept[n] = { turn, n, text: String(n) }
      await new Promise((resolve) => setImmediate(resolve))
      const { space_size } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
      most = Math.max(most, space_size / 1_048_576)
    }
    console.log(most)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).not.toContain('Error')
  return Number(stdout)
}

it('keeps the memory for new objects small, where V8 by itself would take many times as much', () => {
  const byItself = youngMegabytes('')
  const held = youngMegabytes('holdHeap()')
  const allowed = youngMegabytes('holdHeap(); letHeapGrow()')
  expect(held).toBeLessThan(16)
  expect(allowed).toBeGreaterThanOrEqual(16)
  expect(allowed).toBeLessThanOrEqual(64)
  expect(byItself).toBeGreaterThan(allowed)
})
