import { refusalOfNode } from './node-version.ts'
import { holdHeap } from './small-heap.ts'

// The program itself is loaded only in a Node that can run it: an older one would crash while loading the database driver.
const refusal = refusalOfNode(process.versions.node)
if (refusal === null) {
  // A host lives for weeks; any other command ends before its memory matters, and would clean it up twenty times on the way.
  if (process.argv.includes('start')) holdHeap()
  const { run } = await import('./program.ts')
  await run()
} else {
  process.stderr.write(`hookline: ${refusal}\n`)
  process.exitCode = 1
}
