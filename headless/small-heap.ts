import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * Bytes of both halves of the space for new objects at which it grows no more. By itself V8 takes up to 128 MB for them under load and
 * never gives them back, where 30 MB of objects are in use. With much less than this, what a run needs for a few milliseconds would be
 * moved to the space for old objects, and that would grow instead.
 */
const ENOUGH = 16 * 1_048_576

/** Percent by which the space for old objects grows beyond what was in use before it is cleaned up; V8's own is up to 300. */
const OLD_GROWTH_PERCENT = 25

// V8 reads these two flags whenever a space might grow, unlike those that set a limit, which count at the start of the process alone.
// See docs/adr/0009.

/** Keeps the memory for objects as small as it is, so that loading the program leaves none behind that it will not need. */
export function holdHeap(): void {
  setYoungGrowth(1)
  setFlagsFromString(`--heap-growing-percent=${OLD_GROWTH_PERCENT}`)
}

/** Lets the memory for new objects grow to what the work needs, and no further. */
export function letHeapGrow(): void {
  setYoungGrowth(2)
  const observer = new PerformanceObserver(() => {
    const size = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? ENOUGH
    if (size < ENOUGH) return
    setYoungGrowth(1)
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}

function setYoungGrowth(factor: 1 | 2): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}
