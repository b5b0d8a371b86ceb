import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * Bytes of both halves of the space for new objects at which it grows no more. By itself V8 takes up to 128 MB for them under load and
 * never gives them back, where 30 MB of objects are in use. With much less than this, what a run needs for a few milliseconds would be
 * moved to the space for old objects, and that would grow instead.
 */
const ENOUGH = 16 * 1_048_576

/** Keeps the memory for new objects as small as it is, so that loading the program leaves none behind that it will not need. */
export function holdYoungHeap(): void {
  setGrowth(1)
}

/** Lets the memory for new objects grow to what the work needs, and no further. */
export function letYoungHeapGrow(): void {
  setGrowth(2)
  const observer = new PerformanceObserver(() => {
    const size = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? ENOUGH
    if (size < ENOUGH) return
    holdYoungHeap()
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}

/** V8 reads this flag whenever it might grow, unlike those that set a limit, which count at the start of the process alone. */
function setGrowth(factor: 1 | 2): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}
