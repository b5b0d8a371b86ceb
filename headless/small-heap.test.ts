import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'

const sizesSchema = z.object({ young: z.number(), old: z.number() })

/** Megabytes that V8 holds for new and for old objects, at most, while a program makes many that live for a while. */
function heapOf(setUp: string): z.infer<typeof sizesSchema> {
  const script = `
    import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
    import { holdHeap, letHeapGrow } from ${JSON.stringify(join(import.meta.dirname, 'small-heap.ts'))}
    ${setUp}
    const most = { young: 0, old: 0 }
    const kept = new Array(100_000)
    for (let turn = 0; turn < 20; turn++) {
      for (let n = 0; n < kept.length; n++) kept[n] = { turn, n, text: String(n) }
      await new Promise((resolve) => setImmediate(resolve))
      for (const space of getHeapSpaceStatistics()) {
        const name = { new_space: 'young', old_space: 'old' }[space.space_name]
        if (name) most[name] = Math.max(most[name], space.space_size / 1_048_576)
      }
    }
    console.log(JSON.stringify(most))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).not.toContain('Error')
  return sizesSchema.parse(JSON.parse(stdout))
}

it('keeps the memory for objects small, where V8 by itself would take many times as much', () => {
  const byItself = heapOf('')
  const held = heapOf('holdHeap()')
  const allowed = heapOf('holdHeap(); letHeapGrow()')
  expect(held.young).toBeLessThan(16)
  expect(allowed.young).toBeGreaterThanOrEqual(16)
  expect(allowed.young).toBeLessThanOrEqual(32)
  expect(byItself.young).toBeGreaterThan(allowed.young)
  // With as little room for new objects, but the usual growth of the space for old ones.
  const youngAlone = heapOf(`setFlagsFromString('--semi-space-growth-factor=1')`)
  expect(held.old).toBeLessThan(0.8 * youngAlone.old)
})
